/** A session that names its endpoint by address (Envoy's `stateful_session`). */
export interface EndpointSession {
  readonly kind: "cookie" | "header";
  /** Of the cookie, or of the header in requests and answers. */
  readonly name: string;
  /** Of the cookie: requests elsewhere have no session. */
  readonly path: string;
  /** Of a cookie that outlives the browser. unit: s */
  readonly maxAge?: number | undefined;
}
