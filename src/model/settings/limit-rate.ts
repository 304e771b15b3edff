/** `limit-rate` and `limit-rate-after`: how fast the response to one request is sent. */
export interface LimitRate {
  readonly bytesPerSecond: number;
  /** So many bytes go out at full speed. */
  readonly afterBytes: number;
}
