/** A text in the form of requests: UTF-8, one char per byte. */
export function textAsBytes(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** Bytes, one per char, as the text that they are in UTF-8. */
export function bytesAsText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
