import { type MapEntry, NOTHING_REPEATED, type YamlNode } from "./node.ts";
import type { LineCursor } from "./plain-scan.ts";
import { endOfLine, NotPlain, readQuoted } from "./plain-scan.ts";
import { resolvePlain } from "./scalar.ts";

/** For the same reason as `MAX_DEPTH`. */
const MAX_FLOW_DEPTH = 500;

/** A flow collection while it is read. */
export interface OpenFlow {
  readonly kind: "map" | "list";
  /** Where the entry begins that is being read, or was read last. */
  readonly row: number;
  readonly col: number;
}

/** The beginning of a flow collection and of its entry. */
abstract class OpenEntry {
  protected readonly line: number;
  row: number;
  col: number;

  constructor(row: number, col: number) {
    this.line = row;
    this.row = row;
    this.col = col;
  }

  begin(row: number, col: number): void {
    this.row = row;
    this.col = col;
  }
}

class OpenFlowMap extends OpenEntry implements OpenFlow {
  readonly kind = "map";
  readonly close = "}";
  readonly #entries = new Map<string, MapEntry>();
  #repeated: { readonly key: string; readonly line: number }[] | undefined;
  #key = "";

  name(key: string): void {
    this.#key = key;
    if (!this.#entries.has(key)) return;
    this.#repeated ??= [];
    this.#repeated.push({ key, line: this.row });
  }

  add(value: YamlNode): void {
    this.#entries.set(this.#key, { line: this.row, value });
  }

  node(): YamlNode {
    const repeated = this.#repeated ?? NOTHING_REPEATED;
    return { kind: "map", line: this.line, entries: this.#entries, repeated };
  }
}

class OpenFlowList extends OpenEntry implements OpenFlow {
  readonly kind = "list";
  readonly close = "]";
  readonly #items: YamlNode[] = [];

  add(value: YamlNode): void {
    this.#items.push(value);
  }

  node(): YamlNode {
    return { kind: "list", line: this.line, items: this.#items };
  }
}

/** A flow mapping or list (JSON too) at `col`. Its further lines may start anywhere, as in go-yaml. */
export class FlowReader {
  readonly #cursor: LineCursor;
  readonly #open: (OpenFlowMap | OpenFlowList)[] = [];
  /** Where reading stopped. */
  col: number;

  constructor(cursor: LineCursor, col: number) {
    this.#cursor = cursor;
    this.col = col;
  }

  get open(): readonly OpenFlow[] {
    return this.#open;
  }

  /** Reads on, about `most` entries. `undefined`: there is more. */
  read(most: number): YamlNode | undefined {
    for (let left = most; left > 0; left--) {
      const open = this.#open.at(-1);
      const value = open === undefined ? this.#value() : this.#next(open);
      const whole = value && this.#deliver(value);
      if (whole === undefined) continue;
      endOfLine(this.#cursor, this.col);
      return whole;
    }
    return undefined;
  }

  /** The next value of a collection, or that itself at its end; `undefined` where one begins in it. */
  #next(open: OpenFlowMap | OpenFlowList): YamlNode | undefined {
    if (this.#peek() === open.close) {
      this.col++;
      this.#open.pop();
      return open.node();
    }
    open.begin(this.#cursor.row, this.col);
    if (open.kind === "map") {
      open.name(this.#key());
      const next = this.#peek();
      if (next === "," || next === "}") throw new NotPlain();
    }
    return this.#value();
  }

  #deliver(value: YamlNode): YamlNode | undefined {
    const open = this.#open.at(-1);
    if (open === undefined) return value;
    open.add(value);
    const char = this.#peek();
    if (char === ",") this.col++;
    else if (char !== open.close) throw new NotPlain();
    return undefined;
  }

  #value(): YamlNode | undefined {
    const char = this.#peek();
    const line = this.#cursor.row;
    if (char === "{" || char === "[") {
      if (this.#open.length >= MAX_FLOW_DEPTH) throw new NotPlain();
      this.col++;
      this.#open.push(char === "{" ? new OpenFlowMap(line, this.col) : new OpenFlowList(line, this.col));
      return undefined;
    }
    if (char === '"' || char === "'") return { kind: "scalar", line, value: this.#quoted() };
    return { kind: "scalar", line, value: resolvePlain(this.#plain()) };
  }

  /** Skips spaces, line ends and comments to the next character. */
  #peek(): string {
    const cursor = this.#cursor;
    for (;;) {
      const line = cursor.lines[cursor.row];
      if (line === undefined) throw new NotPlain();
      const from = this.col;
      while (line.charCodeAt(this.col) === 32 || line.charCodeAt(this.col) === 9) this.col++;
      const char = line.charAt(this.col);
      if (char === "#" && this.col === from && from > 0) throw new NotPlain();
      if (char !== "" && char !== "#") return char;
      cursor.row++;
      this.col = 0;
    }
  }

  get #line(): string {
    return this.#cursor.lines[this.#cursor.row] ?? "";
  }

  #key(): string {
    const { row } = this.#cursor;
    const char = this.#peek();
    const isQuoted = char === '"' || char === "'";
    const key = isQuoted ? this.#quoted() : resolvePlain(this.#plain());
    if (typeof key !== "string" || this.#peek() !== ":" || this.#cursor.row !== row) throw new NotPlain();
    this.col++;
    const after = this.#cursor.lines[row]?.charAt(this.col) ?? "";
    if (!isQuoted && after !== "" && after !== " ") throw new NotPlain();
    return key;
  }

  #quoted(): string {
    const { value, end } = readQuoted(this.#line, this.col);
    this.col = end;
    return value;
  }

  #plain(): string {
    const line = this.#line;
    if (!FIRST.test(line.charAt(this.col))) throw new NotPlain();
    END.lastIndex = this.col;
    const end = END.exec(line)?.index ?? line.length;
    const found = line.slice(this.col, end);
    const stop = line.charAt(end);
    if (found === "-" || stop === "#") throw new NotPlain();
    if (stop === ":" && !/[\s,[\]{}]|^$/.test(line.charAt(end + 1))) throw new NotPlain();
    let next = end;
    while (/\s/.test(line.charAt(next))) next++;
    if (next < line.length && !",]}:".includes(line.charAt(next))) throw new NotPlain();
    this.col = end;
    return found;
  }
}

const FIRST = /[A-Za-z0-9_/.+~$^(-]/;
/** Ends an unquoted scalar. The general reader handles a colon or hash inside one. */
const END = /[\s,[\]{}:#]/g;
