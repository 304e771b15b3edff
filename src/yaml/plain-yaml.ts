import { type MapEntry, NOTHING_REPEATED, type YamlNode } from "./node.ts";
import { FlowReader } from "./plain-flow.ts";
import { readLiteral } from "./plain-literal.ts";
import type { LineCursor } from "./plain-scan.ts";
import { closes, endOfLine, keyAt, NotPlain, readQuoted, skipBlank } from "./plain-scan.ts";
import { resolvePlain } from "./scalar.ts";

/** Deeper than any manifest. kubectl's limit is 10,000; the general reader's stack overflows before that. */
const MAX_DEPTH = 500;

/** A block collection while it is read. */
export interface OpenBlock {
  readonly kind: "map" | "list";
  readonly col: number;
  /** Of the entry that is being read, or was read last. */
  readonly row: number;
}

class OpenMap implements OpenBlock {
  readonly kind = "map";
  readonly col: number;
  readonly #line: number;
  readonly #entries = new Map<string, MapEntry>();
  #repeated: { readonly key: string; readonly line: number }[] | undefined;
  #key = "";
  row: number;

  constructor(col: number, line: number) {
    this.col = col;
    this.#line = line;
    this.row = line;
  }

  begin(key: string, row: number): void {
    this.#key = key;
    this.row = row;
  }

  add(value: YamlNode): void {
    const [key, line] = [this.#key, this.row];
    if (this.#entries.has(key)) {
      this.#repeated ??= [];
      this.#repeated.push({ key, line });
    }
    this.#entries.set(key, { line, value });
  }

  node(): YamlNode {
    const repeated = this.#repeated ?? NOTHING_REPEATED;
    return { kind: "map", line: this.#line, entries: this.#entries, repeated };
  }
}

class OpenList implements OpenBlock {
  readonly kind = "list";
  readonly col: number;
  readonly #line: number;
  readonly #items: YamlNode[] = [];
  row: number;

  constructor(col: number, line: number) {
    this.col = col;
    this.#line = line;
    this.row = line;
  }

  begin(row: number): void {
    this.row = row;
  }

  add(value: YamlNode): void {
    this.#items.push(value);
  }

  node(): YamlNode {
    return { kind: "list", line: this.#line, items: this.#items };
  }
}

/**
 * Reads the YAML of ordinary manifests: block mappings and lists, one-line scalars, literal blocks, flow
 * collections (so JSON too).
 *
 * Throws `NotPlain` for everything else (anchors, tags, folded and multi-line scalars, `?` keys) and for
 * anything suspicious. The `yaml` package reads those; it is complete and 20 times as slow. A test compares
 * both on thousands of documents.
 */
export class PlainReader {
  readonly #cursor: LineCursor;
  readonly #open: (OpenMap | OpenList)[] = [];
  /** Those that ended with the last value, the innermost first. */
  readonly #closed: (OpenMap | OpenList)[] = [];
  #flow: FlowReader | undefined;
  #isBegun = false;

  constructor(text: string) {
    this.#cursor = { lines: text.split("\n"), row: 0 };
  }

  /** Reads on, about `most` entries. `undefined`: there is more. */
  read(most: number): YamlNode | undefined {
    for (let left = most; left > 0; left--) {
      const value = this.#isBegun ? this.#next() : this.#begin();
      const whole = value && this.#deliver(value);
      if (whole !== undefined) return this.#ended(whole);
    }
    return undefined;
  }

  /** Where reading stopped. */
  get row(): number {
    return this.#cursor.row;
  }

  /** The collections that hold what was read last. */
  get open(): readonly OpenBlock[] {
    return [...this.#open, ...this.#closed.toReversed()];
  }

  get flow(): FlowReader | undefined {
    return this.#flow;
  }

  #begin(): YamlNode | undefined {
    this.#isBegun = true;
    const indent = skipBlank(this.#cursor);
    return indent < 0 ? { kind: "scalar", line: 0, value: null } : this.#block(indent);
  }

  /** The next value; `undefined` where a collection begins. */
  #next(): YamlNode | undefined {
    if (this.#flow !== undefined) return this.#flowValue(this.#flow);
    const open = this.#open.at(-1);
    if (open === undefined) throw new NotPlain();
    return open.kind === "map" ? this.#entry(open) : this.#item(open);
  }

  /** Adds a value to its collection, and that to the next where it is complete. Returns the whole when nothing is open. */
  #deliver(complete: YamlNode): YamlNode | undefined {
    let value = complete;
    this.#forgetClosed();
    for (let open = this.#open.at(-1); open !== undefined; open = this.#open.at(-1)) {
      open.add(value);
      const at = skipBlank(this.#cursor);
      if (at > open.col) throw new NotPlain();
      if (at === open.col && (open.kind === "map" || isDash(this.#line, at))) return undefined;
      this.#open.pop();
      this.#closed.push(open);
      value = open.node();
    }
    return value;
  }

  /** Setting a length is slow, also to what it is. */
  #forgetClosed(): void {
    if (this.#closed.length > 0) this.#closed.length = 0;
  }

  #ended(whole: YamlNode): YamlNode {
    if (skipBlank(this.#cursor) >= 0) throw new NotPlain();
    return whole;
  }

  get #line(): string {
    return this.#cursor.lines[this.#cursor.row] ?? "";
  }

  /** A block at `col` of the current line. */
  #block(col: number): YamlNode | undefined {
    const [line, { row }, depth] = [this.#line, this.#cursor, this.#open.length];
    if (depth >= MAX_DEPTH) throw new NotPlain();
    if (isDash(line, col)) this.#open.push(new OpenList(col, row));
    else if (keyAt(line, col) !== undefined) this.#open.push(new OpenMap(col, row));
    else {
      const first = line[col];
      if (first !== "{" && first !== "[" && depth === 0) throw new NotPlain();
      return this.#inline(col, col - 1);
    }
    return undefined;
  }

  #entry(open: OpenMap): YamlNode | undefined {
    const key = keyAt(this.#line, open.col);
    if (key === undefined) throw new NotPlain();
    open.begin(key.name, this.#cursor.row);
    this.#forgetClosed();
    const start = closes(this.#line, key.end);
    if (start >= 0) return this.#inline(start, open.col);
    const row = this.#cursor.row++;
    const next = skipBlank(this.#cursor);
    if (next > open.col || (next === open.col && isDash(this.#line, next))) return this.#block(next);
    return { kind: "scalar", line: row, value: null };
  }

  #item(open: OpenList): YamlNode | undefined {
    const { row } = this.#cursor;
    const line = this.#line;
    open.begin(row);
    this.#forgetClosed();
    const content = closes(line, open.col + 1);
    if (content >= 0) {
      const isCompact = isDash(line, content) || keyAt(line, content) !== undefined;
      return isCompact ? this.#block(content) : this.#inline(content, open.col);
    }
    this.#cursor.row++;
    const next = skipBlank(this.#cursor);
    return next > open.col ? this.#block(next) : { kind: "scalar", line: row, value: null };
  }

  /** A scalar or flow collection at `col`, inside a block at `indent`. */
  #inline(col: number, indent: number): YamlNode | undefined {
    const cursor = this.#cursor;
    const [line, { row }] = [this.#line, cursor];
    const first = line.charAt(col);
    if (first === "|") return readLiteral(cursor, col, indent);
    if (first === "{" || first === "[") {
      this.#flow = new FlowReader(cursor, col);
      return this.#flowValue(this.#flow);
    }
    if (first === '"' || first === "'") {
      const quoted = readQuoted(line, col);
      endOfLine(cursor, quoted.end);
      return { kind: "scalar", line: row, value: quoted.value };
    }
    const source = plainScalar(line, col);
    cursor.row++;
    if (skipBlank(cursor) > indent) throw new NotPlain();
    return { kind: "scalar", line: row, value: resolvePlain(source) };
  }

  #flowValue(flow: FlowReader): YamlNode | undefined {
    const value = flow.read(FLOW_ENTRIES);
    if (value !== undefined) this.#flow = undefined;
    return value;
  }
}

/** Entries of a flow collection that count as one. */
const FLOW_ENTRIES = 50;

/** A whole document; `undefined` for one that is not plain. */
export function readPlainYaml(text: string): YamlNode | undefined {
  try {
    return new PlainReader(text).read(Number.POSITIVE_INFINITY);
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

function isDash(line: string, col: number): boolean {
  if (line.charCodeAt(col) !== 45) return false;
  const next = line.charCodeAt(col + 1);
  return Number.isNaN(next) || next === 32;
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
