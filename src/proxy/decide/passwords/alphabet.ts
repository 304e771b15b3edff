/** crypt's base 64. */
export const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Three bytes in crypt's base 64, least significant first, as `length` characters. */
export function encode24(high: number, middle: number, low: number, length: number): string {
  let value = (high << 16) | (middle << 8) | low;
  let text = "";
  for (let i = 0; i < length; i++) {
    text += ALPHABET[value & 0x3f];
    value >>= 6;
  }
  return text;
}

/** Groups of three digest bytes by index, then one shorter group. */
export function encodeGroups(digest: Buffer, groups: readonly (readonly [number, number, number])[]): string {
  return groups.map(([a, b, c]) => encode24(digest[a] ?? 0, digest[b] ?? 0, digest[c] ?? 0, 4)).join("");
}

/** The digest repeated up to a length. */
export function stretched(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}
