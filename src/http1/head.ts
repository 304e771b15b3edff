import { type Reason, reason } from "../model/reason.ts";
/** An error answer decided before a server is chosen. */
export interface Refusal {
  readonly status: number;
  readonly why: Reason;
  /** Found after all lines; nginx checks the host first. */
  readonly late?: true;
  /** nginx has its own page for it. */
  readonly page?: "headers-too-large";
}

/** nginx's internal status 494, sent as 400. */
export const TOO_LARGE: Refusal = {
  status: 400,
  why: reason(
    "headers-too-large",
    "a header line, or all of them, are longer than nginx's buffers for them (large-client-header-buffers)",
  ),
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
  readonly refusal: Refusal | undefined;
}

/** nginx's `client_header_buffer_size` and `large_client_header_buffers`. unit: bytes */
export interface HeadBuffers {
  readonly first: number;
  readonly large: number;
  readonly count: number;
  /**
   * Header line limit. nginx 1.27 has only its buffers; its security updates and later versions allow 1,000.
   */
  readonly lines: number;
}
