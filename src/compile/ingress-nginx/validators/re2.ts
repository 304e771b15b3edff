import { compilePattern } from "../../../pcre/pattern.ts";

/** After a backslash (regexp/syntax): punctuation, some letters, and at least two octal digits. */
const ESCAPE = /^(?:[AbBzpPdDsSwWafnrtvx]|0|[1-7][0-7]|[^0-9A-Za-z\x80-\uffff])/;

/** Groups that Go knows: `(?:`, names, and its own flags. */
const GROUP = /^\((?!\?)|^\(\?(?:P?<[A-Za-z_]\w*>|[imsU]*(?:-[imsU]+)?[:)])/;

const REPEAT = /^(?:[*+?]|\{\d+(?:,\d*)?\})/;

const MOST = 1000;

/**
 * True if Go's `regexp.Compile` accepts the expression. Go lacks what cannot run in linear time: lookaround,
 * back references, possessive repeats, conditions.
 */
export function isGoRegex(source: string): boolean {
  if (compilePattern(source, "anywhere").kind !== "compiled") return false;
  let repeated = false;
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at, at + 64);
    const repeat = REPEAT.exec(rest)?.[0];
    if (repeat !== undefined) {
      const counts = repeat.match(/\d+/g) ?? [];
      if (repeated || counts.some((count) => Number(count) > MOST)) return false;
      at += repeat.length + (source[at + repeat.length] === "?" ? 1 : 0);
      repeated = true;
      continue;
    }
    repeated = false;
    const length = pieceLength(source, at, rest);
    if (length === undefined) return false;
    at += length;
  }
  return true;
}

/** Length of the piece that starts here; `undefined` if Go has no such piece. */
function pieceLength(source: string, at: number, rest: string): number | undefined {
  switch (rest[0]) {
    case "\\":
      if (rest[1] === "Q") return quotedLength(source, at);
      return ESCAPE.test(rest.slice(1)) ? 2 : undefined;
    case "(":
      return GROUP.exec(rest)?.[0].length;
    case "[":
      return classLength(source, at);
    default:
      return 1;
  }
}

function quotedLength(source: string, at: number): number {
  const end = source.indexOf("\\E", at);
  return (end < 0 ? source.length : end + 2) - at;
}

function classLength(source: string, at: number): number | undefined {
  let end = at + (source[at + 1] === "^" ? 2 : 1);
  if (source[end] === "]") end++;
  for (; end < source.length && source[end] !== "]"; end++) {
    if (source.startsWith("[:", end)) end = Math.max(end, source.indexOf(":]", end) + 1);
    else if (source[end] === "\\") {
      if (!ESCAPE.test(source.slice(end + 1, end + 3))) return undefined;
      end++;
    }
  }
  return end < source.length ? end + 1 - at : undefined;
}
