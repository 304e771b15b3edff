/** One document of a file. */
export interface DocumentText {
  /** Without the `---` line; every line ends with `\n`. */
  readonly text: string;
  /** 1-based line of the file on which `text` starts. */
  readonly line: number;
  /** 1-based; documents without content are not counted. */
  readonly index: number;
}

const SEPARATOR = /^---(?=[ \t\n]|$)|^\.\.\.[ \t]*(?=\n|$)/gm;
const CONTENT = /^[ \t]*[^\s#%]/m;

/**
 * Splits the text of a file into documents at its `---` (and `...`) lines, before any of them is parsed: so one bad
 * document cannot take others with it. Byte order mark and CRLF are taken off here, line numbers stay right.
 * Documents that hold only comments or directives are left out.
 */
export function* splitDocuments(file: string): Generator<DocumentText> {
  const text = `${file.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")}\n`.replace(/\n\n$/, "\n");
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

interface Stop {
  readonly from: number;
  readonly to: number;
}

/** Where documents end: at each separator, which is left out of both sides, and at the end of the text. */
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
