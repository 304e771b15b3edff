import { bytesAsText } from "../request/utf8.ts";
import { contentOf, postDataOf } from "./body-fields.ts";
import { cookiesIn, setCookiesIn } from "./cookies.ts";
import { maskedHeaders, type SecretValues } from "./mask.ts";
import type { PassedExchange } from "./passed-exchange.ts";

// HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/). Fields with `_` are of the tool that writes them.

interface NameAndValue {
  readonly name: string;
  readonly value: string;
}

/** The beginning of a HAR file: entries follow, with commas between them, and `HAR_END`. `comment`: what to know of it */
export function harBeginning(
  version: string,
  ports: { readonly http: number; readonly https: number },
  comment: string,
): string {
  const creator = JSON.stringify({ name: "ingress-dev", version });
  const more = `"_ingressDev":${JSON.stringify({ ports })},"comment":${JSON.stringify(comment)}`;
  return `{"log":{"version":"1.2","creator":${creator},"pages":[],${more},"entries":[`;
}

export const HAR_END = "\n]}}\n";

/** An exchange as an entry, on one line. */
export function harEntry(exchange: PassedExchange, secrets: SecretValues): string {
  const { startedAt, durationMs, waitMs, known } = exchange;
  const request = maskedHeaders(exchange.requestHeaders, secrets);
  const response = maskedHeaders(exchange.responseHeaders, secrets);
  const masked = [...new Set([...request.masked, ...response.masked])];
  const time = Math.max(durationMs, waitMs);
  const { requestBody, target } = exchange;
  return JSON.stringify({
    startedDateTime: new Date(startedAt).toISOString(),
    time: round(time),
    request: requestOf(exchange, request.lines),
    response: responseOf(exchange, response.lines, request.inText),
    cache: {},
    timings: { send: 0, wait: round(waitMs), receive: round(time - waitMs) },
    serverIPAddress: exchange.server.address,
    connection: String(exchange.server.port),
    _ingressDev: {
      ...known,
      masked: masked.length === 0 ? undefined : masked,
      malformed: known.malformed === true || !target.startsWith("/") || !isText(target) || undefined,
      requestBytes: requestBody.size,
      requestCut: requestBody.size > requestBody.bytes.length || undefined,
    },
  });
}

function requestOf(exchange: PassedExchange, headers: readonly string[]) {
  const { method, scheme, host, target, version, requestBody, server } = exchange;
  const lines = linesOf(headers);
  const path = inText(target.startsWith("/") ? target : "/");
  const authority = inText(host === "" ? `${server.address}:${server.port}` : host);
  return {
    method,
    url: `${scheme}://${authority}${path}`,
    httpVersion: versionOf(version),
    cookies: cookiesIn(lines),
    headers: lines,
    queryString: queryIn(path),
    postData: postDataOf(requestBody, headerIn(lines, "content-type")),
    headersSize: -1,
    bodySize: requestBody.size,
  };
}

function responseOf(exchange: PassedExchange, headers: readonly string[], masked: (text: string) => string) {
  const { status, statusText, version, responseBody, decoded } = exchange;
  const lines = linesOf(headers);
  return {
    status,
    statusText: inText(statusText),
    httpVersion: versionOf(version),
    cookies: setCookiesIn(lines),
    headers: lines,
    content: contentOf(responseBody, decoded, {
      type: headerIn(lines, "content-type"),
      coding: headerIn(lines, "content-encoding"),
      masked,
    }),
    redirectURL: headerIn(lines, "location") ?? "",
    headersSize: -1,
    bodySize: responseBody.size,
  };
}

function versionOf(version: string): string {
  return version.startsWith("2") ? "HTTP/2" : `HTTP/${version}`;
}

/** unit: ms */
function round(ms: number): number {
  return Math.max(0, Math.round(ms * 100) / 100);
}

function linesOf(flat: readonly string[]): readonly NameAndValue[] {
  const lines: NameAndValue[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2)
    lines.push({ name: inText(flat[i] ?? ""), value: inText(flat[i + 1] ?? "") });
  return lines;
}

function headerIn(lines: readonly NameAndValue[], name: string): string | undefined {
  return lines.find((line) => line.name.toLowerCase() === name)?.value;
}

function queryIn(path: string): readonly NameAndValue[] {
  const at = path.indexOf("?");
  if (at < 0 || at === path.length - 1) return [];
  return path
    .slice(at + 1)
    .split("&")
    .map((pair) => {
      const [name = "", ...rest] = pair.split("=");
      return { name: decoded(name), value: decoded(rest.join("=")) };
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** Bytes as text, if they are UTF-8: clients send no other. */
function inText(bytes: string): string {
  if (/^[\0-\x7f]*$/.test(bytes)) return bytes;
  const text = bytesAsText(bytes);
  return text.includes("\ufffd") ? bytes : text;
}

/** Others cannot be written so that they are read again. */
function isText(bytes: string): boolean {
  return /^[\0-\x7f]*$/.test(bytes) || inText(bytes) !== bytes;
}
