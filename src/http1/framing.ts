import type { HeadRefusal } from "../model/head-refusal.ts";
import { reason } from "../model/reason.ts";
import type { Framing } from "./head.ts";

export interface AboutConnection {
  /** default: neither close nor keep-alive asked */
  keepAlive: boolean | undefined;
  upgrade: boolean;
  lengths: number;
  length: string;
  codings: number;
  coding: string;
}

/** Compares lengths first, because few headers have one of these names. */
export function aboutConnection(headers: readonly string[]): AboutConnection {
  const about: AboutConnection = {
    keepAlive: undefined,
    upgrade: false,
    lengths: 0,
    length: "",
    codings: 0,
    coding: "",
  };
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? "";
    const size = name.length;
    if (size !== 7 && size !== 10 && size !== 14 && size !== 17) continue;
    const value = headers[i + 1] ?? "";
    const lower = name.toLowerCase();
    if (lower === "connection") about.keepAlive = keepAlive(value, about.keepAlive);
    else if (lower === "upgrade") about.upgrade ||= value !== "";
    else if (lower === "content-length") {
      about.lengths++;
      about.length = value;
    } else if (lower === "transfer-encoding") {
      about.codings++;
      about.coding = value;
    }
  }
  return about;
}

/** nginx looks for the words anywhere in the value (ngx_http_process_connection). */
function keepAlive(value: string, before: boolean | undefined): boolean | undefined {
  if (/close/i.test(value)) return false;
  return /keep-alive/i.test(value) ? true : before;
}

/** The largest length that nginx can count (`off_t`, ngx_atoof). */
const MOST_LENGTH = 2n ** 63n - 1n;

/**
 * The framing of a request body, or its refusal. Follows nginx's order and never accepts what another reader
 * could frame differently (ngx_http_process_request_header; RFC 9112 section 6.1).
 */
export function framingOf(
  { major, minor }: { readonly major: number; readonly minor: number },
  { lengths, length, codings, coding }: AboutConnection,
): { readonly body: Framing; readonly refusal: HeadRefusal | undefined } {
  if (lengths === 0 && codings === 0) return { body: 0, refusal: undefined };
  const old = major === 0 || minor === 0;
  if (lengths > 1) return refused(400, "there are two Content-Length headers");
  if (codings > 1) return refused(400, "there are two Transfer-Encoding headers");
  if (lengths === 1 && !isLength(length)) return refused(400, "the Content-Length is no number");
  if (codings === 0) return { body: Number(length), refusal: undefined };
  if (old) return refused(400, "HTTP/1.0 has no Transfer-Encoding");
  if (coding.toLowerCase() !== "chunked")
    return refused(501, "no Transfer-Encoding other than chunked is understood");
  if (lengths > 0) return refused(400, "there are both Content-Length and Transfer-Encoding");
  return { body: "chunked", refusal: undefined };
}

function isLength(value: string): boolean {
  return /^\d+$/.test(value) && (value.length < 16 || BigInt(value) <= MOST_LENGTH);
}

function refused(status: number, why: string): { readonly body: 0; readonly refusal: HeadRefusal } {
  return { body: 0, refusal: { status, why: reason("bad-framing", why), late: true } };
}
