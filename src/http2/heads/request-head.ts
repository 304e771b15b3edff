import type { RequestHead } from "../../http1/client-request.ts";
import { NameCache } from "../hpack/name-cache.ts";
import { FIELD_NAME, OF_CONNECTION } from "./names.ts";

/** A request's head, and what its `content-length` says of the body; -1: nothing. */
export interface Http2Head extends RequestHead {
  readonly length: number;
}

/**
 * A request from its header lines; `undefined` for one that is malformed (RFC 9113 section 8.1.1): its stream is reset, as
 * nghttp2 does. What HTTP/1 could say as well is left to the plane.
 */
export function readRequestHead(headers: readonly string[]): Http2Head | undefined {
  let method: string | undefined;
  let scheme: string | undefined;
  let path: string | undefined;
  let authority: string | undefined;
  let length = -1;
  let at = 0;
  for (; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const value = headers[at + 1] ?? "";
    if (name === ":method" && method === undefined) method = value;
    else if (name === ":path" && path === undefined) path = value;
    else if (name === ":scheme" && scheme === undefined) scheme = value;
    else if (name === ":authority" && authority === undefined) authority = value;
    else if (name.startsWith(":")) return undefined;
    else break;
    if (!isValue(value)) return undefined;
  }
  for (; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const value = headers[at + 1] ?? "";
    if (!isLine(name, value)) return undefined;
    if (name !== "content-length") continue;
    const said = /^\d{1,15}$/.test(value) ? Number(value) : undefined;
    if (said === undefined || (length >= 0 && length !== said)) return undefined;
    length = said;
  }
  if (method === undefined || !TOKEN.test(method)) return undefined;
  if (!isTarget(method, scheme, path, authority)) return undefined;
  return { major: 2, minor: 0, method, target: path ?? "", headers, authority, length };
}

/** True if lines behind a body may be what they are (RFC 9113 section 8.1). */
export function areTrailers(headers: readonly string[]): boolean {
  for (let i = 0; i + 1 < headers.length; i += 2)
    if (!isLine(headers[i] ?? "", headers[i + 1] ?? "")) return false;
  return true;
}

/** RFC 9113 section 8.3.1, and 8.5 for CONNECT */
function isTarget(
  method: string,
  scheme: string | undefined,
  path: string | undefined,
  authority: string | undefined,
): boolean {
  if (method === "CONNECT")
    return scheme === undefined && path === undefined && authority !== undefined && authority !== "";
  if (scheme === undefined || path === undefined) return false;
  return (path.startsWith("/") && !NO_PATH.test(path)) || (path === "*" && method === "OPTIONS");
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What would end or split the request line of HTTP/1. */
const NO_PATH = /[\0-\x20\x7f]/;
/** RFC 9113 section 8.2.1 */
const NO_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/;

/** Names that were looked at, and whether they may stand in a request. */
const names = new NameCache<boolean>();

function isName(name: string): boolean {
  return (
    names.get(name) ?? names.keep(name, FIELD_NAME.test(name) && (name === "te" || !OF_CONNECTION.has(name)))
  );
}

function isValue(value: string): boolean {
  return !NO_VALUE.test(value);
}

/** A header line that HTTP/2 allows: none of a connection (RFC 9113 section 8.2.2), no upper case. */
function isLine(name: string, value: string): boolean {
  return isName(name) && isValue(value) && (name !== "te" || value.toLowerCase() === "trailers");
}
