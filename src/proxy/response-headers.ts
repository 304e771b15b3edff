import type { OutgoingHttpHeaders } from "node:http";
import { connectionNames } from "./headers.ts";

/**
 * Headers of a backend's response that do not go on to the client: those of the connection (RFC 9110 section 7.6.1), and
 * those that nginx hides by default (`ngx_http_proxy_hide_headers`; `Server` is cleared by ingress-nginx as well).
 * `Date` is among them: the proxy sends its own, as nginx does.
 */
const HIDDEN: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "date",
  "server",
  "x-pad",
  "x-accel-expires",
  "x-accel-redirect",
  "x-accel-limit-rate",
  "x-accel-buffering",
  "x-accel-charset",
]);

/** What is left of a response's headers, names and values in turn, and the length they announce (-1: none). */
export interface ResponseHeaders {
  readonly kept: string[];
  readonly length: number;
}

/** Names and values in turn, as the backend sent them: bytes, one char each. Order, case and duplicates stay. */
export function responseHeaders(raw: readonly (Buffer | string)[]): ResponseHeaders {
  const kept: string[] = [];
  let length = -1;
  let connection = "";
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = latin1(raw[i]);
    const lower = name.toLowerCase();
    if (lower === "connection") connection = latin1(raw[i + 1]);
    if (HIDDEN.has(lower)) continue;
    const value = latin1(raw[i + 1]);
    if (lower === "content-length") length = Number(value);
    kept.push(name, value);
  }
  const nominated = connection === "" ? [] : connectionNames(connection);
  return { kept: nominated.length === 0 ? kept : without(kept, nominated), length };
}

function latin1(bytes: Buffer | string | undefined): string {
  if (bytes === undefined) return "";
  return typeof bytes === "string" ? bytes : bytes.toString("latin1");
}

function without(flat: readonly string[], names: readonly string[]): string[] {
  const rest: string[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = flat[i] ?? "";
    if (!names.includes(name.toLowerCase())) rest.push(name, flat[i + 1] ?? "");
  }
  return rest;
}

/** The same for HTTP/2, which wants lower case, and several values of one name in an array. */
export function asHttp2(flat: readonly string[]): OutgoingHttpHeaders {
  const headers = new Map<string, string | string[]>();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = (flat[i] ?? "").toLowerCase();
    const value = flat[i + 1] ?? "";
    const before = headers.get(name);
    if (before === undefined) headers.set(name, value);
    else if (typeof before === "string") headers.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(headers);
}
