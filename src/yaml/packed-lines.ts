import type { MapEntry, YamlNode } from "./node.ts";

/** The lines of a tree: a number for a scalar. */
type Lines = number | ListLines | MapLines;

interface ListLines {
  readonly line: number;
  readonly items: readonly Lines[];
}

interface MapLines {
  readonly line: number;
  readonly keys: readonly (readonly [key: string, line: number, value: Lines])[];
}

/** The lines of a tree as a text, some 20 times as small as the tree. The values are left out. */
export function packLines(tree: YamlNode): string {
  return JSON.stringify(linesOf(tree));
}

export function unpackLines(packed: string): YamlNode {
  return treeOf(JSON.parse(packed) as Lines);
}

function linesOf(node: YamlNode): Lines {
  if (node.kind === "scalar") return node.line;
  if (node.kind === "list") return { line: node.line, items: node.items.map(linesOf) };
  const keys = [...node.entries].map(([key, { line, value }]) => [key, line, linesOf(value)] as const);
  return { line: node.line, keys };
}

function treeOf(lines: Lines): YamlNode {
  if (typeof lines === "number") return { kind: "scalar", line: lines, value: null };
  if ("items" in lines) return { kind: "list", line: lines.line, items: lines.items.map(treeOf) };
  const entries = new Map<string, MapEntry>();
  for (const [key, line, value] of lines.keys) entries.set(key, { line, value: treeOf(value) });
  return { kind: "map", line: lines.line, entries, repeated: [] };
}
