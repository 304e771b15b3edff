/** A seeded random generator (mulberry32); results are below `below`. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Pieces that matter to a reader of requests. */
const PIECES = [
  ..."\r \n \r\n \r\n\r\n \0 \t : ; , / ? # % . - _ \x7f \x80 \xff 0 1 9 a Z HTTP/1.1 HTTP/1.0 GET POST".split(
    " ",
  ),
  ...[" ", "Host: a.test\r\n", "Host: b.test\r\n", "Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n"],
  ...["Connection: close\r\n", "0\r\n\r\n", "1\r\na\r\n", "X_Y: 1\r\n"],
];

/** Removes, inserts, doubles or exchanges bytes at one to three places. */
export function mutated(
  bytes: string,
  next: (below: number) => number,
  pieces: readonly string[] = PIECES,
): string {
  let text = bytes;
  for (let changes = 1 + next(3); changes > 0; changes--) {
    const at = next(text.length + 1);
    const piece = pieces[next(pieces.length)] ?? "";
    const size = 1 + next(4);
    const way = next(4);
    if (way === 0) text = text.slice(0, at) + text.slice(at + size);
    else if (way === 1) text = text.slice(0, at) + piece + text.slice(at);
    else if (way === 2) text = text.slice(0, at + size) + text.slice(at);
    else text = text.slice(0, at) + piece + text.slice(at + piece.length);
  }
  return text;
}
