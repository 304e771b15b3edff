export interface DocumentText {
  /** Without the `---` line; every line ends with `\n`. */
  readonly text: string;
  /** 1-based line of the file where `text` starts. */
  readonly line: number;
  /** 1-based; empty documents do not count. */
  readonly index: number;
}

/** A document that a text may have again. */
export interface KnownText {
  readonly text: string;
  /** The number of its lines. */
  readonly lines: number;
}

const SEPARATOR = /^---(?=[ \t\n]|$)|^\.\.\.[ \t]*(?=\n|$)/gm;
const CONTENT = /^[ \t]*[^\s#%]/m;

/**
 * Splits a file into documents at `---` and `...` lines before parsing, so that a bad document affects only
 * itself. Removes byte order mark and CR; line numbers stay right. Documents with only comments or directives
 * are left out.
 *
 * `knownAt`: a document of an earlier text that stands at a place again. It is compared as a whole and given back itself,
 * which takes a sixth of the time of looking for its end, counting its lines and hashing it.
 */
export function* splitDocuments(
  file: string,
  knownAt: (text: string, from: number) => KnownText | undefined = () => undefined,
): Generator<DocumentText> {
  const text = withLineEnd(file.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"));
  let line = 1;
  let index = 0;
  for (let from = 0; from < text.length; ) {
    const known = knownAt(text, from);
    // No separator is within a document, so that the search may begin behind it.
    const stop = stopAfter(text, from + (known?.text.length ?? 0));
    if (known !== undefined && stop.from === from + known.text.length) {
      yield { text: known.text, line, index: ++index };
      line += known.lines;
    } else {
      const part = text.slice(from, stop.from);
      if (CONTENT.test(part)) yield { text: part, line, index: ++index };
      line += countLines(text, from, stop.from);
    }
    line += countLines(text, stop.from, stop.to);
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

/** The end of a document: the next separator, excluded from both sides, or the end of the text. */
function stopAfter(text: string, from: number): Stop {
  SEPARATOR.lastIndex = from;
  const found = SEPARATOR.exec(text);
  if (found === null) return { from: text.length, to: text.length };
  const end = found.index + found[0].length;
  const restOfLine = text.slice(end, text.indexOf("\n", end)).trimStart();
  // `--- # comment` ends here; `--- {a: b}` starts the next document on the same line.
  const skip = restOfLine === "" || restOfLine.startsWith("#");
  return { from: found.index, to: skip ? text.indexOf("\n", end) + 1 : end };
}

/** Line ends from a place up to another. */
export function countLines(text: string, from = 0, to = text.length): number {
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
