/** `proxy_next_upstream`'s words for what is tried again; the numbers are statuses of the backend. */
export type NextUpstreamCondition =
  | "error"
  | "timeout"
  | "invalid_header"
  | "non_idempotent"
  | "http_500"
  | "http_502"
  | "http_503"
  | "http_504"
  | "http_403"
  | "http_404"
  | "http_429";

/** When a request is sent to another upstream: `proxy-next-upstream`, `-tries`, `-timeout`. */
export interface NextUpstream {
  /** Empty for `off`. */
  readonly conditions: ReadonlySet<NextUpstreamCondition>;
  /** Most tries of one request; 0: no limit. */
  readonly tries: number;
  /** No further try is begun after this, in ms; 0: no limit. */
  readonly timeoutMs: number;
}
