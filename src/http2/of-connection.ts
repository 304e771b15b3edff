/** Headers of a connection, which HTTP/2 forbids (RFC 9113 section 8.2.2). */
export const OF_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);
