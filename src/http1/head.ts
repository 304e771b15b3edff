import type { HeadRefusal } from "../model/head-refusal.ts";
import type { RequestLimits } from "../model/plane.ts";
import { reason } from "../model/reason.ts";
/** The plane defines the limit and the answer. */
export const TOO_LARGE: HeadRefusal = {
  status: 400,
  why: reason("headers-too-large", "a header line, or the head as a whole, is too large"),
  page: "headers-too-large",
};

/** The body after a head: its length in bytes, or chunks (RFC 9112 section 6). */
export type Framing = number | "chunked";

/** The head of an HTTP/1 request as sent; one char per byte. */
export interface Head {
  /** `""` if the request ended before it; likewise `target`. */
  readonly method: string;
  /** May be in absolute form. */
  readonly target: string;
  readonly major: number;
  readonly minor: number;
  /** Names and values alternate. */
  readonly headers: readonly string[];
  readonly framing: Framing;
  /** The connection may be reused (ngx_http_handler). */
  readonly keepAlive: boolean;
  /** Another protocol is requested; `nginx.tmpl` checks only `Upgrade`. */
  readonly upgrade: boolean;
  readonly refusal: HeadRefusal | undefined;
}

/** nginx's `client_header_buffer_size` and `large_client_header_buffers`. unit: bytes */
export interface HeadBuffers {
  /** The buffer that a head is read into before it needs larger ones. */
  readonly first: number;
  readonly large: number;
  readonly count: number;
  /**
   * Header line limit. nginx 1.27 has only its buffers; its security updates and later versions allow 1,000.
   */
  readonly lines: number;
  /** As of `RequestLimits`. */
  readonly requestLine?: "any" | undefined;
}

/** The buffers in which a head is as large as a plane allows. */
export function headBuffers(limits: RequestLimits, first: number): HeadBuffers {
  const { lineBytes, headBytes, headerLines, requestLine } = limits;
  const count = Math.ceil(headBytes / lineBytes);
  return { first, large: lineBytes, count, lines: headerLines, requestLine };
}
