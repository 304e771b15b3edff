import type { HeaderLine, Scheme } from "../model/decision.ts";
import { isHostLine } from "../request/header-line.ts";
import { textAsBytes } from "../request/utf8.ts";
import { type Fields, fieldsOf, listOf, numberIn, textIn } from "./fields.ts";
import { readKnown } from "./read-known.ts";
import type { RecordedAnswer, RecordedRequest } from "./recorded.ts";

export type ReadEntry =
  | { readonly kind: "request"; readonly request: RecordedRequest }
  /** Asked of nobody by HTTP: `data:`, `blob:`, `chrome-extension:`. */
  | { readonly kind: "other"; readonly scheme: string }
  | { readonly kind: "broken"; readonly why: string };

/** Scheme, authority, rest without fragment. RFC 3986 appendix B. */
const HTTP_URL = /^(https?|wss?):\/\/([^/?#]*)([^#]*)/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** An entry of `log.entries`. `line`: of its beginning in the file */
export function readEntry(value: unknown, line: number): ReadEntry {
  const entry = fieldsOf(value);
  const request = fieldsOf(entry?.request);
  if (entry === undefined || request === undefined) return broken("request is missing");
  const url = textIn(request, "url");
  const method = textIn(request, "method");
  if (url === undefined || url === "") return broken("request.url is missing");
  const known = readKnown(entry._ingressDev);
  // Heads of our own recording that are none of HTTP may have anything as method and headers.
  const isMalformed = known?.outcome.malformed === true;
  if (method === undefined || !(isMalformed || TOKEN.test(method)))
    return broken("request.method is missing, or no method");
  const [, written, authority = "", rest = ""] = HTTP_URL.exec(url) ?? [];
  if (written === undefined) {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
    return scheme === undefined || scheme.startsWith("http")
      ? broken(`request.url "${url.slice(0, 80)}" is no URL`)
      : { kind: "other", scheme };
  }
  // A user name is not part of Host.
  const host = textAsBytes(authority.replace(/^.*@/, ""));
  if (host === "") return broken(`request.url "${url.slice(0, 80)}" has no host`);
  const headers = headersOf(isMalformed ? undefined : request.headers, host);
  if (typeof headers === "string") return broken(`request.${headers}`);
  const body = bodyOf(request);
  return {
    kind: "request",
    request: {
      ...{ line, method, host, headers },
      scheme: schemeOf(written),
      target: escapeBlanks(textAsBytes(rest.startsWith("/") ? rest : `/${rest}`)),
      body: body === "cut" || known?.cut === true ? "cut" : body,
      bodySize: known?.bodySize ?? (Buffer.isBuffer(body) ? body.length : sizeOf(request)),
      answer: answerOf(entry.response),
      known: known?.outcome,
    },
  };
}

function broken(why: string): ReadEntry {
  return { kind: "broken", why };
}

function schemeOf(written: string): Scheme {
  return /s$/i.test(written) ? "https" : "http";
}

/** Without pseudo headers of HTTP/2, whose authority becomes `Host`. A text says what is wrong. */
function headersOf(value: unknown, host: string): readonly HeaderLine[] | string {
  if (value === undefined || value === null) return [["Host", host]];
  if (!Array.isArray(value)) return "headers is no list";
  const lines: HeaderLine[] = [];
  let authority: string | undefined;
  for (const [index, item] of value.entries()) {
    const header = fieldsOf(item);
    const name = textIn(header, "name");
    const text = header?.value ?? "";
    if (name === undefined || typeof text === "object") return `headers[${index}] has no name and value`;
    const inner = textAsBytes(String(text).trim());
    if (name.toLowerCase() === ":authority") authority = inner;
    if (name.startsWith(":")) continue;
    if (!TOKEN.test(name) || /[\r\n\0]/.test(inner)) return `headers[${index}] is no header line`;
    lines.push([name, inner]);
  }
  const isNamed = lines.some(isHostLine);
  return isNamed ? lines : [["Host", authority ?? host], ...lines];
}

/** Tools that know a form's fields alone leave its text out. */
function bodyOf(request: Fields): Buffer | "cut" | undefined {
  const post = fieldsOf(request.postData);
  const text = textIn(post, "text");
  if (text !== undefined && text !== "") {
    const isBase64 = [post?.encoding, post?._encoding].includes("base64");
    return Buffer.from(text, isBase64 ? "base64" : "utf8");
  }
  const params = listOf(post?.params);
  const isForm = /^application\/x-www-form-urlencoded/i.test(textIn(post, "mimeType") ?? "");
  if (params.length > 0 && isForm) {
    const pairs = params
      .map(fieldsOf)
      .map((each): [string, string] => [textIn(each, "name") ?? "", textIn(each, "value") ?? ""]);
    return Buffer.from(new URLSearchParams(pairs).toString());
  }
  return sizeOf(request) > 0 || params.length > 0 ? "cut" : undefined;
}

/** -1: unknown */
function sizeOf(request: Fields): number {
  return Math.max(0, numberIn(request, "bodySize") ?? 0);
}

/** Status 0: blocked, cached or still under way. */
function answerOf(value: unknown): RecordedAnswer | undefined {
  const response = fieldsOf(value);
  const status = numberIn(response, "status") ?? 0;
  if (response === undefined || status < 100 || status > 999) return undefined;
  const named = listOf(response.headers)
    .map(fieldsOf)
    .find((header) => textIn(header, "name")?.toLowerCase() === "location");
  const location = textIn(named, "value") ?? (textIn(response, "redirectURL") || undefined);
  const content = fieldsOf(response.content);
  const text = textIn(content, "text");
  const plain =
    text !== undefined && content?.encoding === "base64"
      ? Buffer.from(text, "base64").toString("utf8")
      : text;
  return { status, location: location && textAsBytes(location), text: plain };
}

/** Some tools write URLs decoded; a blank would end the request line. */
function escapeBlanks(target: string): string {
  return target.replace(/[\0-\x20\x7f]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
