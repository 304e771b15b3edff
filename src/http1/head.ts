/** Why a request is answered with an error before anybody looks for its server. */
export interface Refusal {
  readonly status: number;
  readonly why: string;
  /** Found when all lines had been read: nginx looks at the host before. */
  readonly late?: true;
  /** nginx has a page of its own for it. */
  readonly page?: "headers-too-large";
}

/** nginx's own status 494, sent as 400. */
export const TOO_LARGE: Refusal = {
  status: 400,
  why: "a header line, or all of them, are longer than nginx's buffers for them (large-client-header-buffers)",
  page: "headers-too-large",
};

/** The body behind a head: so many bytes, or chunks (RFC 9112 section 6). */
export type Framing = number | "chunked";

/** The head of a request of HTTP/1 as the client sent it; strings hold one char a byte. */
export interface Head {
  /** `""` where the bytes did not get that far, for the target as well. */
  readonly method: string;
  /** As in the request line: in absolute form too. */
  readonly target: string;
  readonly major: number;
  readonly minor: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly framing: Framing;
  /** The connection may be used again (ngx_http_handler). */
  readonly keepAlive: boolean;
  /** Another protocol is asked for; `nginx.tmpl` looks at `Upgrade` alone. */
  readonly upgrade: boolean;
  readonly refusal: Refusal | undefined;
}

/** `client_header_buffer_size` and `large_client_header_buffers` of nginx. Bytes. */
export interface HeadBuffers {
  readonly first: number;
  readonly large: number;
  /** How many large ones. */
  readonly count: number;
  /**
   * Header lines; nginx 1.27 has no bound of its own but the buffers, its security updates and later ones have 1,000.
   */
  readonly lines: number;
}
