/** What of nginx's buffers can be seen from outside. */
export interface BufferSettings {
  /** `proxy-buffer-size`, in bytes: a longer head of a response is answered with 502. */
  readonly responseHeadBytes: number;
  /**
   * `proxy-request-buffering`, where an Ingress says so: a body is read whole before the backend is asked (as long as it
   * is no larger than what is kept of one), or never sent twice. Absent: sent as it comes, kept to be sent again.
   */
  readonly request?: "gathered" | "passed-on" | undefined;
  /** `proxy-buffering: "on"`: only then nginx limits the rate of a response. */
  readonly response?: "buffered" | undefined;
}
