import type { YamlNode } from "./node.ts";
import type { LineCursor } from "./plain-scan.ts";
import { NotPlain } from "./plain-scan.ts";

/** A literal block (`|`, `|-`, `|+`) with its header at `col`, inside a block at `indent`. */
export function readLiteral(cursor: LineCursor, col: number, indent: number): YamlNode {
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
  // The text after the last line end is not a line.
  if (cursor.row >= cursor.lines.length && body.at(-1) === "") body.pop();
  return { kind: "scalar", line: row, value: chomp(body, header[1] ?? "") };
}

function spacesOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 32) at++;
  return at;
}

/** The indent of the first non-empty line. Wider empty lines before it are an error in YAML. */
function literalIndent(cursor: LineCursor, indent: number): number {
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
  // No content: rare, with odd rules for blank lines, so the general reader handles it.
  throw new NotPlain();
}

function chomp(body: readonly string[], how: string): string {
  const joined = body.join("\n");
  if (how === "+") return `${joined}\n`;
  let end = joined.length;
  while (joined.charCodeAt(end - 1) === 10) end--;
  const stripped = joined.slice(0, end);
  return how === "-" || stripped === "" ? stripped : `${stripped}\n`;
}
