/** What Go reads in place of a byte that is no UTF-8. */
const NO_RUNE = 0xfffd;

/**
 * The code point at a place of a text of bytes, times eight, and its length in bytes. What is no UTF-8 is one byte long, and
 * `otherwise` is its code point. Source: utf8.DecodeRune.
 */
export function decodeRune(bytes: string, at: number, otherwise = NO_RUNE): number {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return first * 8 + 1;
  const broken = otherwise * 8 + 1;
  if (first < 0xc2 || first > 0xf4) return broken;
  const second = bytes.charCodeAt(at + 1);
  const [least, most] = secondByte(first);
  if (!(second >= least && second <= most)) return broken;
  if (first < 0xe0) return (((first & 0x1f) << 6) | (second & 0x3f)) * 8 + 2;
  const third = bytes.charCodeAt(at + 2);
  if ((third & 0xc0) !== 0x80) return broken;
  if (first < 0xf0) return (((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)) * 8 + 3;
  const fourth = bytes.charCodeAt(at + 3);
  if ((fourth & 0xc0) !== 0x80) return broken;
  const high = ((first & 0x07) << 18) | ((second & 0x3f) << 12);
  return (high | ((third & 0x3f) << 6) | (fourth & 0x3f)) * 8 + 4;
}

/** No overlong forms, no surrogates, nothing above U+10FFFF. */
function secondByte(first: number): readonly [least: number, most: number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  return first === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
}
