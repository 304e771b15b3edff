import { ESCAPED_SETS } from "./byte-set.ts";
import type { Boundary } from "./node.ts";

const NEWLINE = 0x0a;

/** True if the position has the tested property. */
export function isAtBoundary(boundary: Boundary, subject: string, pos: number): boolean {
  switch (boundary) {
    case "start":
      return pos === 0;
    case "line start":
      // A newline at the very end begins no line.
      return pos === 0 || (pos < subject.length && subject.charCodeAt(pos - 1) === NEWLINE);
    case "end":
      return pos === subject.length;
    case "end or last newline":
      return pos === subject.length || (pos === subject.length - 1 && subject.charCodeAt(pos) === NEWLINE);
    case "line end":
      return pos === subject.length || subject.charCodeAt(pos) === NEWLINE;
    case "word boundary":
      return isWord(subject, pos - 1) !== isWord(subject, pos);
    case "no word boundary":
      return isWord(subject, pos - 1) === isWord(subject, pos);
  }
}

function isWord(subject: string, pos: number): boolean {
  return pos >= 0 && pos < subject.length && ESCAPED_SETS.get("w")?.[subject.charCodeAt(pos)] === 1;
}
