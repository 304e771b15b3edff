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

/** Names of header lines as HTTP/2 has them (RFC 9113 section 8.2.1). */
export const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
