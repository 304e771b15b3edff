import type { Node } from "./node.ts";
import type { Cursor } from "./plain-scan.ts";
import { NotPlain } from "./plain-scan.ts";

/** A literal block, `|`, `|-` or `|+`, whose header is at `col` of the current line, inside a block at `indent`. */
export function readLiteral(cursor: Cursor, col: number, indent: number): Node {
  const row = cursor.row;
  const header = /^\|([-+]?)[ ]*(?:[ ]#.*)?$/.exec((cursor.lines[row] ?? "").slice(col));
  if (header === null) throw new NotPlain();
  cursor.row++;
  const width = literalIndent(cursor, indent);
  const body: string[] = [];
  for (; cursor.row < cursor.lines.length; cursor.row++) {
    const line = cursor.lines[cursor.row] ?? "";
    const spaces = spacesOf(line);
    if (spaces === line.length) body.push(line.slice(width));
    else if (spaces >= width) body.push(line.slice(width));
    else break;
  }
  // What is left after the last line end is not a line of the block.
  if (cursor.row >= cursor.lines.length && body.at(-1) === "") body.pop();
  return { kind: "scalar", line: row, value: chomp(body, header[1] ?? "") };
}

function spacesOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 32) at++;
  return at;
}

/** The indent of the first line that is not empty. Empty lines before it that are wider are an error in YAML. */
function literalIndent(cursor: Cursor, indent: number): number {
  let widest = 0;
  for (let row = cursor.row; row < cursor.lines.length; row++) {
    const line = cursor.lines[row] ?? "";
    const spaces = spacesOf(line);
    if (spaces === line.length) {
      widest = Math.max(widest, spaces);
      continue;
    }
    if (spaces <= indent) break;
    if (widest > spaces || line.charCodeAt(spaces) === 9) throw new NotPlain();
    return spaces;
  }
  // No content: rare enough, and the rules for its blank lines odd enough, to be left to the general reader.
  throw new NotPlain();
}

function chomp(body: readonly string[], how: string): string {
  const joined = body.join("\n");
  if (how === "+") return `${joined}\n`;
  const stripped = joined.replace(/\n+$/, "");
  return how === "-" || stripped === "" ? stripped : `${stripped}\n`;
}
