/** The block is not HPACK: a connection error COMPRESSION_ERROR (RFC 9113 section 4.3). */
export class HpackError extends Error {
  override readonly name = "HpackError";
}
