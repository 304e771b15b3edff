import type { MapEntry, YamlNode } from "./node.ts";
import { readFlow } from "./plain-flow.ts";
import { readLiteral } from "./plain-literal.ts";
import type { LineCursor } from "./plain-scan.ts";
import { closes, endOfLine, keyAt, NotPlain, readQuoted, skipBlank } from "./plain-scan.ts";
import { resolvePlain } from "./scalar.ts";

/** Deeper than any manifest. kubectl's limit is 10,000; the general reader's stack overflows before that. */
const MAX_DEPTH = 500;

/**
 * Reads the YAML of ordinary manifests: block mappings and lists, one-line scalars, literal blocks, flow
 * collections (so JSON too).
 *
 * Returns `undefined` for everything else (anchors, tags, folded and multi-line scalars, `?` keys) and for
 * anything suspicious. The `yaml` package reads those; it is complete and 20 times as slow. A test compares
 * both on thousands of documents.
 */
export function readPlainYaml(text: string): YamlNode | undefined {
  const cursor: LineCursor = { lines: text.split("\n"), row: 0, depth: 0 };
  try {
    const indent = skipBlank(cursor);
    if (indent < 0) return { kind: "scalar", line: 0, value: null };
    const node = readBlock(cursor, indent);
    return skipBlank(cursor) < 0 ? node : undefined;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** A block at `col` of the current line. */
function readBlock(cursor: LineCursor, col: number): YamlNode {
  const line = cursor.lines[cursor.row] ?? "";
  if (++cursor.depth > MAX_DEPTH) throw new NotPlain();
  const node = isDash(line, col) ? readList(cursor, col) : readMapOrScalar(cursor, col);
  cursor.depth--;
  return node;
}

function isDash(line: string, col: number): boolean {
  if (line.charCodeAt(col) !== 45) return false;
  const next = line.charCodeAt(col + 1);
  return Number.isNaN(next) || next === 32;
}

function readMapOrScalar(cursor: LineCursor, col: number): YamlNode {
  const line = cursor.lines[cursor.row] ?? "";
  if (keyAt(line, col) !== undefined) return readMap(cursor, col);
  const first = line[col];
  if (first !== "{" && first !== "[" && cursor.depth === 1) throw new NotPlain();
  return readInline(cursor, col, col - 1);
}

function readMap(cursor: LineCursor, col: number): YamlNode {
  const start = cursor.row;
  const entries = new Map<string, MapEntry>();
  const repeated: { key: string; line: number }[] = [];
  let at = col;
  while (at === col) {
    const row = cursor.row;
    const line = cursor.lines[row] ?? "";
    const key = keyAt(line, col);
    if (key === undefined) throw new NotPlain();
    const value = readValue(cursor, key.end, col);
    if (entries.has(key.name)) repeated.push({ key: key.name, line: row });
    entries.set(key.name, { line: row, value });
    at = skipBlank(cursor);
  }
  if (at > col) throw new NotPlain();
  return { kind: "map", line: start, entries, repeated };
}

/** The value after `key:`, from `col` on. */
function readValue(cursor: LineCursor, col: number, indent: number): YamlNode {
  const line = cursor.lines[cursor.row] ?? "";
  const start = closes(line, col);
  if (start >= 0) return readInline(cursor, start, indent);
  const row = cursor.row++;
  const next = skipBlank(cursor);
  if (next > indent) return readBlock(cursor, next);
  if (next === indent && isDash(cursor.lines[cursor.row] ?? "", next)) return readBlock(cursor, next);
  return { kind: "scalar", line: row, value: null };
}

function readList(cursor: LineCursor, col: number): YamlNode {
  const start = cursor.row;
  const items: YamlNode[] = [];
  let at = col;
  while (at === col) {
    const row = cursor.row;
    const line = cursor.lines[row] ?? "";
    if (!isDash(line, col)) break;
    const content = closes(line, col + 1);
    if (content >= 0) {
      const compact = isDash(line, content) || keyAt(line, content) !== undefined;
      items.push(compact ? readBlock(cursor, content) : readInline(cursor, content, col));
    } else {
      cursor.row++;
      const next = skipBlank(cursor);
      items.push(next > col ? readBlock(cursor, next) : { kind: "scalar", line: row, value: null });
    }
    at = skipBlank(cursor);
  }
  if (at > col) throw new NotPlain();
  return { kind: "list", line: start, items };
}

/** A scalar or flow collection at `col`, inside a block at `indent`. */
function readInline(cursor: LineCursor, col: number, indent: number): YamlNode {
  const row = cursor.row;
  const line = cursor.lines[row] ?? "";
  const first = line.charAt(col);
  if (first === "|") return readLiteral(cursor, col, indent);
  if (first === "{" || first === "[") return readFlow(cursor, col);
  if (first === '"' || first === "'") {
    const quoted = readQuoted(line, col);
    endOfLine(cursor, quoted.end);
    return { kind: "scalar", line: row, value: quoted.value };
  }
  const source = plainScalar(line, col);
  cursor.row++;
  const next = skipBlank(cursor);
  if (next > indent) throw new NotPlain();
  return { kind: "scalar", line: row, value: resolvePlain(source) };
}

const INDICATOR = /[&*!|>%@`?:,\]}#]/;

function plainScalar(line: string, col: number): string {
  const first = line.charAt(col);
  if (INDICATOR.test(first) || isDash(line, col)) throw new NotPlain();
  let source = line.slice(col);
  const comment = source.indexOf(" #");
  if (comment >= 0) source = source.slice(0, comment);
  source = source.trimEnd();
  if (source.includes(": ") || source.endsWith(":") || source.includes("\t")) throw new NotPlain();
  return source;
}
