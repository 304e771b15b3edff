import type { MapEntry, YamlNode } from "./node.ts";
import type { LineCursor } from "./plain-scan.ts";
import { endOfLine, NotPlain, readQuoted } from "./plain-scan.ts";
import { resolvePlain } from "./scalar.ts";

/** For the same reason as `MAX_DEPTH`. */
const MAX_FLOW_DEPTH = 500;

interface Flow {
  readonly cursor: LineCursor;
  col: number;
  depth: number;
}

/** A flow mapping or list (JSON too) at `col`. Its further lines may start anywhere, as in go-yaml. */
export function readFlow(cursor: LineCursor, col: number): YamlNode {
  const flow: Flow = { cursor, col, depth: 0 };
  const node = readFlowNode(flow);
  endOfLine(cursor, flow.col);
  return node;
}

/** Skips spaces, line ends and comments to the next character. */
function peek(flow: Flow): string {
  const { cursor } = flow;
  for (;;) {
    const line = cursor.lines[cursor.row];
    if (line === undefined) throw new NotPlain();
    const from = flow.col;
    while (line.charCodeAt(flow.col) === 32 || line.charCodeAt(flow.col) === 9) flow.col++;
    const char = line.charAt(flow.col);
    if (char === "#" && flow.col === from && from > 0) throw new NotPlain();
    if (char !== "" && char !== "#") return char;
    cursor.row++;
    flow.col = 0;
  }
}

function readFlowNode(flow: Flow): YamlNode {
  const char = peek(flow);
  const line = flow.cursor.row;
  if (char === "{" || char === "[") {
    if (++flow.depth > MAX_FLOW_DEPTH) throw new NotPlain();
    flow.col++;
    const node = char === "{" ? readFlowMap(flow, line) : readFlowList(flow, line);
    flow.depth--;
    return node;
  }
  if (char === '"' || char === "'") return { kind: "scalar", line, value: quoted(flow) };
  return { kind: "scalar", line, value: resolvePlain(plain(flow)) };
}

function quoted(flow: Flow): string {
  const { value, end } = readQuoted(flow.cursor.lines[flow.cursor.row] ?? "", flow.col);
  flow.col = end;
  return value;
}

const FIRST = /[A-Za-z0-9_/.+~$^(-]/;
/** Ends an unquoted scalar. The general reader handles a colon or hash inside one. */
const END = /[\s,[\]{}:#]/g;

function plain(flow: Flow): string {
  const line = flow.cursor.lines[flow.cursor.row] ?? "";
  if (!FIRST.test(line.charAt(flow.col))) throw new NotPlain();
  END.lastIndex = flow.col;
  const end = END.exec(line)?.index ?? line.length;
  const found = line.slice(flow.col, end);
  const stop = line.charAt(end);
  if (found === "-" || stop === "#") throw new NotPlain();
  if (stop === ":" && !/[\s,[\]{}]|^$/.test(line.charAt(end + 1))) throw new NotPlain();
  let next = end;
  while (/\s/.test(line.charAt(next))) next++;
  if (next < line.length && !",]}:".includes(line.charAt(next))) throw new NotPlain();
  flow.col = end;
  return found;
}

function readFlowMap(flow: Flow, line: number): YamlNode {
  const entries = new Map<string, MapEntry>();
  const repeated: { key: string; line: number }[] = [];
  while (peek(flow) !== "}") {
    const keyLine = flow.cursor.row;
    const key = readFlowKey(flow);
    if (entries.has(key)) repeated.push({ key, line: keyLine });
    const next = peek(flow);
    if (next === "," || next === "}") throw new NotPlain();
    entries.set(key, { line: keyLine, value: readFlowNode(flow) });
    separator(flow, "}");
  }
  flow.col++;
  return { kind: "map", line, entries, repeated };
}

function readFlowKey(flow: Flow): string {
  const row = flow.cursor.row;
  const char = peek(flow);
  const isQuoted = char === '"' || char === "'";
  const key = isQuoted ? quoted(flow) : resolvePlain(plain(flow));
  if (typeof key !== "string" || peek(flow) !== ":" || flow.cursor.row !== row) throw new NotPlain();
  flow.col++;
  const after = flow.cursor.lines[row]?.charAt(flow.col) ?? "";
  if (!isQuoted && after !== "" && after !== " ") throw new NotPlain();
  return key;
}

function readFlowList(flow: Flow, line: number): YamlNode {
  const items: YamlNode[] = [];
  while (peek(flow) !== "]") {
    items.push(readFlowNode(flow));
    separator(flow, "]");
  }
  flow.col++;
  return { kind: "list", line, items };
}

function separator(flow: Flow, close: string): void {
  const char = peek(flow);
  if (char === ",") flow.col++;
  else if (char !== close) throw new NotPlain();
}
