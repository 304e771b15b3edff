export interface DocumentText {
  /** Without the `---` line; every line ends with `\n`. */
  readonly text: string;
  /** 1-based line of the file where `text` starts. */
  readonly line: number;
  /** 1-based; empty documents do not count. */
  readonly index: number;
}

const SEPARATOR = /^---(?=[ \t\n]|$)|^\.\.\.[ \t]*(?=\n|$)/gm;
const CONTENT = /^[ \t]*[^\s#%]/m;

/**
 * Splits a file into documents at `---` and `...` lines before parsing, so that a bad document affects only
 * itself. Removes byte order mark and CR; line numbers stay right. Documents with only comments or directives
 * are left out.
 */
export function* splitDocuments(file: string): Generator<DocumentText> {
  const text = withLineEnd(file.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"));
  let line = 1;
  let index = 0;
  let from = 0;
  for (const stop of stops(text)) {
    const part = text.slice(from, stop.from);
    if (CONTENT.test(part)) yield { text: part, line, index: ++index };
    line += countLines(text, from, stop.to);
    from = stop.to;
  }
}

function withLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

interface Stop {
  readonly from: number;
  readonly to: number;
}

/** Document ends: each separator, excluded from both sides, and the end of the text. */
function* stops(text: string): Generator<Stop> {
  for (const found of text.matchAll(SEPARATOR)) {
    const end = found.index + found[0].length;
    const restOfLine = text.slice(end, text.indexOf("\n", end)).trimStart();
    // `--- # comment` ends here; `--- {a: b}` starts the next document on the same line.
    const skip = restOfLine === "" || restOfLine.startsWith("#");
    yield { from: found.index, to: skip ? text.indexOf("\n", end) + 1 : end };
  }
  yield { from: text.length, to: text.length };
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** A copy of a document that keeps only itself in memory: V8 keeps the whole file for a piece of its text. */
export function ownCopy(text: string): string {
  const encoding = ABOVE_LATIN1.test(text) ? "utf16le" : "latin1";
  return Buffer.from(text, encoding).toString(encoding);
}

const ABOVE_LATIN1 = /[^\x00-\xff]/;
