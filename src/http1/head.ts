/** Why a request is answered with an error before anybody looks for its server. */
export interface Refusal {
  readonly status: number;
  readonly why: string;
  /** nginx has a page of its own for it. */
  readonly page?: "headers-too-large";
}

/** What follows a head: so many bytes, or chunks (RFC 9112 section 6). */
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
}
