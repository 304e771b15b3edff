import type { OutgoingHttpHeaders } from "node:http";
import type { HeaderLine } from "../../model/decision.ts";

/** What no backend's header says to the client: it is about the connection (ngx_http_upstream_headers_in). */
const OF_CONNECTION = ["connection", "keep-alive", "transfer-encoding"];

const ACCEL = [
  "x-accel-expires",
  "x-accel-redirect",
  "x-accel-limit-rate",
  "x-accel-buffering",
  "x-accel-charset",
];

/** Which module of nginx speaks to the backend. */
export type SpokenBy = "proxy" | "grpc" | "fastcgi";

/**
 * Headers of a backend's response that do not go on to the client: `ngx_http_proxy_hide_headers` and its like. `Server` is
 * cleared by ingress-nginx in any case. Where `Date` is among them the proxy sends its own.
 */
const HIDDEN: Readonly<Record<SpokenBy, ReadonlySet<string>>> = {
  proxy: new Set([...OF_CONNECTION, ...ACCEL, "server", "date", "x-pad"]),
  grpc: new Set([...OF_CONNECTION, ...ACCEL, "server", "date"]),
  fastcgi: new Set([...OF_CONNECTION, ...ACCEL, "server"]),
};

/** What is left of a response's headers, names and values in turn, and the length they announce (-1: none). */
export interface ResponseHeaders {
  readonly kept: string[];
  readonly length: number;
}

/** Names and values in turn, as the backend sent them: bytes, one char each. Order, case and duplicates stay. */
export function responseHeaders(raw: readonly (Buffer | string)[], by: SpokenBy = "proxy"): ResponseHeaders {
  const hidden = HIDDEN[by];
  const kept: string[] = [];
  let length = -1;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = latin1(raw[i]);
    const lower = name.toLowerCase();
    if (hidden.has(lower)) continue;
    const value = latin1(raw[i + 1]);
    if (lower === "content-length") length = Number(value);
    kept.push(name, value);
  }
  return { kept, length };
}

/** Bytes, one char each. */
export function latin1(bytes: Buffer | string | undefined): string {
  if (bytes === undefined) return "";
  return typeof bytes === "string" ? bytes : bytes.toString("latin1");
}

/** A header of a backend's answer by its name in lower case, one char a byte: the first of several. */
export function firstOf(raw: readonly (Buffer | string)[], name: string): string | undefined {
  for (let i = 0; i + 1 < raw.length; i += 2)
    if (raw[i]?.length === name.length && latin1(raw[i]).toLowerCase() === name) return latin1(raw[i + 1]);
  return undefined;
}

/**
 * Headers, names and values in turn, with lines set: each takes the place of what there was under its name, whatever the
 * letters' case; one with an empty value only takes that away.
 */
export function withLines(flat: string[], lines: readonly HeaderLine[] | undefined): string[] {
  if (lines === undefined) return flat;
  const names = new Set(lines.map(([name]) => name.toLowerCase()));
  const changed: string[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = flat[i] ?? "";
    if (!names.has(name.toLowerCase())) changed.push(name, flat[i + 1] ?? "");
  }
  for (const [name, value] of lines) if (value !== "") changed.push(name, value);
  return changed;
}

/** Headers that HTTP/2 has no place for (RFC 9113 section 8.2.2): Node refuses to send them. */
const NOT_IN_HTTP2: ReadonlySet<string> = new Set([
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/** The same for HTTP/2, which wants lower case, and several values of one name in an array. */
export function asHttp2(flat: readonly string[]): OutgoingHttpHeaders {
  const headers = new Map<string, string | string[]>();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = (flat[i] ?? "").toLowerCase();
    const value = flat[i + 1] ?? "";
    const before = headers.get(name);
    if (NOT_IN_HTTP2.has(name)) continue;
    if (before === undefined) headers.set(name, value);
    else if (typeof before === "string") headers.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(headers);
}
