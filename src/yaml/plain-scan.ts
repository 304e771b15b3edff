import { HALF } from "./scalar.ts";

/** `row`: current line. */
export interface LineCursor {
  readonly lines: readonly string[];
  row: number;
}

/** Thrown for YAML that only the general reader can read. */
export class NotPlain extends Error {}

/** Moves to the next line with content, or stays on one. Returns its indent in spaces, -1 at the end. */
export function skipBlank(cursor: LineCursor): number {
  for (; cursor.row < cursor.lines.length; cursor.row++) {
    const line = cursor.lines[cursor.row] ?? "";
    let col = 0;
    while (line.charCodeAt(col) === 32) col++;
    if (col === line.length || line.charCodeAt(col) === 35) continue;
    if (line.charCodeAt(col) === 9) throw new NotPlain();
    return col;
  }
  return -1;
}

/** Column of the next content from `col` on; -1 if only spaces or a comment follow. */
export function closes(line: string, col: number): number {
  let at = col;
  while (line.charCodeAt(at) === 32) at++;
  if (at >= line.length) return -1;
  const char = line.charCodeAt(at);
  if (char === 9) throw new NotPlain();
  if (char === 35) {
    if (at === col) throw new NotPlain();
    return -1;
  }
  return at;
}

/** Only spaces or a comment may follow. */
export function endOfLine(cursor: LineCursor, col: number): void {
  if (closes(cursor.lines[cursor.row] ?? "", col) >= 0) throw new NotPlain();
  cursor.row++;
}

/** Words of YAML 1.1, which are no strings. */
const NOT_A_STRING = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** Keys that are certainly strings: no YAML 1.1 word and no number. At `col`, with the column after the colon. */
export function keyAt(
  line: string,
  col: number,
): { readonly name: string; readonly end: number } | undefined {
  const first = line.charCodeAt(col);
  const isQuoted = first === 34 || first === 39;
  const after = isQuoted ? afterQuoted(line, col, first) : afterName(line, col);
  let colon = after;
  while (line.charCodeAt(colon) === 32) colon++;
  const next = line.charCodeAt(colon + 1);
  if (after === col || line.charCodeAt(colon) !== 58 || (next !== 32 && colon + 1 < line.length))
    return undefined;
  if (isQuoted) return { name: line.slice(col + 1, after - 1), end: colon + 1 };
  const name = line.slice(col, after);
  if (name.length <= 5 && NOT_A_STRING.test(name)) throw new NotPlain();
  return { name, end: colon + 1 };
}

/** After a quoted text without escapes; `col` if there is none. */
function afterQuoted(line: string, col: number, quote: number): number {
  const close = line.indexOf(quote === 34 ? '"' : "'", col + 1);
  if (close < 0) return col;
  return quote === 34 && line.slice(col + 1, close).includes("\\") ? col : close + 1;
}

/** After `[A-Za-z_][A-Za-z0-9_./-]*`; `col` if there is none. */
function afterName(line: string, col: number): number {
  let at = col;
  for (; at < line.length; at++) {
    const char = line.charCodeAt(at);
    const isLetter = (char >= 97 && char <= 122) || (char >= 65 && char <= 90) || char === 95;
    // Digits, a dot, a slash and a dash.
    if (!isLetter && (at === col || char < 45 || char > 57)) break;
  }
  return at;
}

/** A quoted scalar at `col` that ends on the same line. */
export function readQuoted(line: string, col: number): { readonly value: string; readonly end: number } {
  const quote = line.charAt(col);
  const close = quote === '"' ? endOfDouble(line, col + 1) : endOfSingle(line, col + 1);
  const body = line.slice(col + 1, close);
  const end = close + 1;
  if (quote === "'") return { value: body.replaceAll("''", "'"), end };
  return { value: body.includes("\\") ? unescaped(body) : body, end };
}

/** No regular expression here: a repeated choice overflows the stack at millions of escapes. */
function endOfDouble(line: string, from: number): number {
  let at = from;
  for (; line.charCodeAt(at) !== 34; at++) {
    if (at >= line.length) throw new NotPlain();
    if (line.charCodeAt(at) === 92) at++;
  }
  return at;
}

function endOfSingle(line: string, from: number): number {
  let at = line.indexOf("'", from);
  while (at >= 0 && line.charCodeAt(at + 1) === 39) at = line.indexOf("'", at + 2);
  if (at < 0) throw new NotPlain();
  return at;
}

/** Escapes that YAML and JSON share; the general reader handles others. */
function unescaped(body: string): string {
  if (/\\[^"\\/bfnrtu]/.test(body.replaceAll("\\\\", "")) || body.includes("\t")) throw new NotPlain();
  let text: string;
  try {
    text = String(JSON.parse(`"${body}"`));
  } catch {
    throw new NotPlain();
  }
  if (HALF.test(text)) throw new NotPlain();
  return text;
}
