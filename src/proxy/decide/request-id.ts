const BATCH_BYTES = 4096;
const ID_BYTES = 16;

/**
 * Creates nginx's request ids (`$request_id`): 16 random bytes as 32 hexadecimal digits.
 *
 * `fill` fills a buffer with random bytes, 256 ids at a time, because the call costs more than the bytes.
 */
export function requestIds(fill: (bytes: Buffer) => unknown): () => string {
  const bytes = Buffer.alloc(BATCH_BYTES);
  let next = BATCH_BYTES;
  return () => {
    if (next === BATCH_BYTES) {
      fill(bytes);
      next = 0;
    }
    next += ID_BYTES;
    return bytes.toString("hex", next - ID_BYTES, next);
  };
}
