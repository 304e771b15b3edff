import { bytesAsText, textAsBytes } from "../../request/utf8.ts";
import { type Fields, fieldsOf, numberIn, textIn } from "../fields.ts";
import { readKnown } from "../read-known.ts";
import { type LoggedRequest, OTHER_LINE, type ReadLine, UNREAD_LINE } from "./logged-request.ts";
import { requestWords, targetWords } from "./request-words.ts";

/** Names of fields in logs of nginx, Caddy, Traefik, Envoy and load balancers, without case and punctuation. */
const NAMES = {
  method: ["method", "requestmethod", "httpmethod", "verb"],
  host: ["host", "requesthost", "httphost", "vhost", "authority", "servername", "domain"],
  target: ["requesturi", "uri", "requestpath", "path", "requesturl", "url", "originalpath"],
  query: ["args", "query", "querystring"],
  request: ["request", "requestline"],
  status: ["status", "statuscode", "responsecode", "downstreamstatus", "responsestatus", "httpstatus"],
  scheme: ["scheme", "requestscheme", "xforwardedproto"],
  upstream: ["proxyalternativeupstreamname", "proxyupstreamname", "upstreamname"],
} as const satisfies Record<string, readonly string[]>;

/** Objects that hold the fields of the request. */
const INNER: ReadonlySet<string> = new Set(["request", "httprequest", "http", "req", "response", "res"]);
const HTTP: ReadonlySet<string> = new Set(["http", "https"]);

/** A line that is a JSON object, one char per byte. `readInner` reads the line that a container's runtime has wrapped. */
export function readJsonLine(line: string, readInner: (line: string) => ReadLine): ReadLine {
  const fields = parsed(line);
  if (fields === undefined) return UNREAD_LINE;
  const wrapped = textIn(fields, "log");
  if (wrapped !== undefined) return readInner(textAsBytes(wrapped.replace(/\r?\n$/, "")));
  if (fields.type === "hit") return readHit(fields);
  if (fields.type === "ready") return { kind: "other", ports: portsIn(fields) };
  const names = flattened(fields);
  const first = (wanted: readonly string[]) =>
    wanted
      .map((name) => names.get(name))
      .find((value) => value !== undefined && value !== "" && value !== "-");
  const line0 = first(NAMES.request);
  const words = line0 === undefined ? undefined : requestWords(line0);
  const written = first(NAMES.target);
  const asked = words ?? (written === undefined ? undefined : targetWords(written));
  if (asked === undefined) return isEvent(fields) ? OTHER_LINE : UNREAD_LINE;
  const query = first(NAMES.query);
  const target =
    query === undefined || asked.target.includes("?")
      ? asked.target
      : `${asked.target}?${query.replace(/^\?/, "")}`;
  const scheme = first(NAMES.scheme)?.toLowerCase();
  const isTls = fieldsOf(fieldsOf(fields.request)?.tls) !== undefined;
  const status = Number(first(NAMES.status));
  return {
    kind: "request",
    method: words?.method ?? first(NAMES.method) ?? "GET",
    host: asked.host ?? first(NAMES.host),
    scheme:
      asked.scheme ??
      (scheme !== undefined && HTTP.has(scheme) ? (scheme as "http" | "https") : isTls ? "https" : undefined),
    target: target.startsWith("/") ? target : `/${target}`,
    status: status >= 100 && status <= 999 ? status : undefined,
    upstream: first(NAMES.upstream),
  };
}

function parsed(line: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(bytesAsText(line)));
  } catch {
    return undefined;
  }
}

/** Other events of `up -o json`, and lines of programs that log in JSON about something else. */
function isEvent(fields: Fields): boolean {
  return ["type", "level", "msg", "message", "logger"].some((name) => textIn(fields, name) !== undefined);
}

function portsIn(fields: Fields): readonly number[] {
  return ["http", "https"].flatMap((scheme) => numberIn(fieldsOf(fields[scheme]), "port") ?? []);
}

/** A hit of `up -o json`, whose texts have one char per byte. Of a head that is none of HTTP it tells too little. */
function readHit(fields: Fields): ReadLine {
  const [method, host, path, scheme] = ["method", "host", "path", "scheme"].map((name) =>
    textIn(fields, name),
  );
  if (method === undefined || path === undefined || method === "TLS") return OTHER_LINE;
  const status = numberIn(fields, "status");
  if (status === 400 && fields.decision === "respond" && fields.ingress === undefined) return OTHER_LINE;
  const request: LoggedRequest = {
    kind: "request",
    method,
    host: host === "" ? undefined : host && asBytes(host),
    scheme: scheme === "https" ? "https" : "http",
    target: asBytes(path),
    status,
    location: asBytes(textIn(fields, "location")),
    known: readKnown(fields)?.outcome,
  };
  return request;
}

/** Texts and numbers by name, those of the request's own objects included. */
function flattened(fields: Fields): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (from: Fields, depth: number) => {
    for (const [name, value] of Object.entries(from)) {
      const key = name.toLowerCase().replace(/[^a-z]/g, "");
      if (typeof value === "string" || typeof value === "number") {
        if (!found.has(key)) found.set(key, textAsBytes(String(value)));
      } else if (depth === 0 && INNER.has(key)) {
        const inner = fieldsOf(value);
        if (inner !== undefined) add(inner, 1);
      }
    }
  };
  add(fields, 0);
  return found;
}

/** A text that has one char per byte already, if somebody has not changed it. */
function asBytes(text: string): string;
function asBytes(text: string | undefined): string | undefined;
function asBytes(text: string | undefined): string | undefined {
  return text === undefined || /^[\0-\xff]*$/.test(text) ? text : textAsBytes(text);
}
