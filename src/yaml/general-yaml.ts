import type { Node as LibraryNode, Scalar as LibraryScalar, Pair } from "yaml";
import * as yaml from "yaml";
import type { Excerpt } from "./excerpt.ts";
import type { MapEntry, Scalar, YamlNode } from "./node.ts";
import { HALF, resolvePlain } from "./scalar.ts";
import { inGoYamlWords } from "./syntax-error.ts";
import type { SyntaxFault } from "./syntax-fault.ts";

/** Limit of values behind aliases; it stops "billion laughs". */
const MAX_ALIASED = 10_000;
/** Deeper than any manifest; the stack overflows a little later. */
const MAX_DEPTH = 500;

class Refused extends Error {
  readonly line: number;

  constructor(message: string, line = 0) {
    super(message);
    this.line = line;
  }
}

interface Reading {
  readonly text: string;
  readonly lineAt: (offset: number) => number;
  /** Values by anchor, with their number of values; `undefined` while being read. */
  readonly anchors: Map<string, { readonly node: YamlNode; readonly size: number } | undefined>;
  size: number;
  aliased: number;
}

const OPTIONS = { schema: "failsafe", uniqueKeys: false, prettyErrors: false, logLevel: "silent" } as const;

/**
 * Reads any YAML document with the `yaml` package. It takes longer to load than all plain manifests to read, so this file
 * is loaded when the first document needs it. `excerpt`: where the plain reader stopped; a mistake is looked for there
 * first.
 */
export function readGeneralYaml(text: string, excerpt?: Excerpt): YamlNode | SyntaxFault {
  const counter = new yaml.LineCounter();
  const lineAt = (offset: number) => Math.max(0, counter.linePos(offset).line - 1);
  return readTree(text, excerpt, counter, lineAt);
}

/** The same tree with offsets in the text in place of lines, of keys and of items. */
export function readOffsets(text: string): YamlNode | SyntaxFault {
  return readTree(text, undefined, new yaml.LineCounter(), (offset) => offset);
}

function readTree(
  text: string,
  excerpt: Excerpt | undefined,
  counter: yaml.LineCounter,
  lineAt: (offset: number) => number,
): YamlNode | SyntaxFault {
  if (nesting(text) > MAX_DEPTH) return tooDeep(0);
  try {
    const near = excerpt && faultNear(text, excerpt);
    if (near !== undefined) return near;
    const document = yaml.parseDocument(text, { ...OPTIONS, lineCounter: counter });
    const error = document.errors[0];
    if (error !== undefined) return inGoYamlWords(error, text, lineAt);
    return toNode({ text, lineAt, anchors: new Map(), size: 0, aliased: 0 }, document.contents, 0);
  } catch (error) {
    if (error instanceof Refused) return { line: error.line, message: error.message };
    if (error instanceof RangeError) return tooDeep(0);
    throw error;
  }
}

/** Text behind the place where the plain reader stopped that is read at first. unit: chars */
const SHORTEST_EXCERPT = 2_000;
/** Each further excerpt is so many times as long. */
const GROWTH = 8;

/**
 * The mistake that shows in an excerpt: the package takes a second and more for a megabyte. One in the second half of
 * what follows the stop may come from the cut, so a longer excerpt is read then.
 */
function faultNear(text: string, { opening, from, stop }: Excerpt): SyntaxFault | undefined {
  for (let size = SHORTEST_EXCERPT; from > 0 || size < text.length; size *= GROWTH) {
    const to = endOfExcerpt(text, stop + size, stop + 2 * size);
    const error = yaml.parseDocument(opening + text.slice(from, to), OPTIONS).errors[0];
    if (error === undefined) return undefined;
    const [start, end] = error.pos;
    const at = start - opening.length + from;
    if (at < from) return undefined;
    if (at > stop + size / 2 && to < text.length) continue;
    return inGoYamlWords({ message: error.message, pos: [at, at + end - start] }, text, (offset) =>
      linesBefore(text, offset),
    );
  }
  return undefined;
}

/** The end of the line that holds an offset, if that is short. */
function endOfExcerpt(text: string, from: number, most: number): number {
  const lineEnd = text.indexOf("\n", from);
  return Math.min(lineEnd < 0 ? text.length : lineEnd + 1, most, text.length);
}

function linesBefore(text: string, offset: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function tooDeep(line: number): SyntaxFault {
  return { line, message: `yaml: exceeded max depth of ${MAX_DEPTH}` };
}

/** Nesting depth of brackets, indents, and dashes and question marks on one line. Ignores quotes. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 123 || char === 91) deepest = Math.max(deepest, ++depth);
    else if (char === 125 || char === 93) depth = Math.max(0, depth - 1);
  }
  const indents: number[] = [];
  for (const [spaces] of text.matchAll(/^ *(?=[^\s#])/gm)) {
    while ((indents.at(-1) ?? -1) >= spaces.length) indents.pop();
    deepest = Math.max(deepest, indents.push(spaces.length));
  }
  return /(?:[-?] +){500,}/.test(text) ? Number.POSITIVE_INFINITY : deepest;
}

function toNode(reading: Reading, node: unknown, depth: number, line = 0): YamlNode {
  if (depth > MAX_DEPTH) throw new RangeError();
  if (yaml.isAlias(node)) return aliased(reading, node.source, startOf(reading, node, line));
  if (!yaml.isNode(node)) return { kind: "scalar", line, value: null };
  const before = reading.size++;
  const anchor = "anchor" in node ? node.anchor : undefined;
  if (anchor !== undefined) reading.anchors.set(anchor, undefined);
  const value = toValue(reading, node, depth, startOf(reading, node, line));
  if (anchor !== undefined) reading.anchors.set(anchor, { node: value, size: reading.size - before });
  return value;
}

function startOf({ lineAt }: Reading, { range }: LibraryNode, line: number): number {
  return range === null || range === undefined ? line : lineAt(range[0]);
}

function toValue(reading: Reading, node: LibraryNode, depth: number, line: number): YamlNode {
  if (yaml.isMap(node)) return toMap(reading, node.items, depth, line);
  if (yaml.isSeq(node)) {
    return { kind: "list", line, items: node.items.map((item) => toNode(reading, item, depth + 1, line)) };
  }
  return { kind: "scalar", line, value: yaml.isScalar(node) ? wholeText(reading, node, line) : null };
}

/**
 * Half a character, such as `\ud800`: an error in YAML (go-yaml scannerc.go), an unknown character in JSON
 * (encoding/json).
 */
function wholeText({ text }: Reading, node: LibraryScalar, line: number): Scalar {
  const value = scalarOf(node);
  if (typeof value !== "string" || !HALF.test(value)) return value;
  if (text.trimStart().startsWith("{")) return value.replaceAll(HALVES, "\ufffd");
  throw new Refused(`yaml: line ${line + 1}: found invalid Unicode character escape code`, line);
}

const HALVES = /\p{Surrogate}/gu;

/** Shared, not copied; the count bounds later walks. */
function aliased(reading: Reading, name: string, line: number): YamlNode {
  const target = reading.anchors.get(name);
  if (target === undefined) {
    const inside = reading.anchors.has(name);
    throw new Refused(
      inside ? `yaml: anchor '${name}' value contains itself` : `yaml: unknown anchor '${name}' referenced`,
      line,
    );
  }
  reading.size += target.size;
  reading.aliased += target.size;
  if (reading.aliased > MAX_ALIASED) throw new Refused("yaml: document contains excessive aliasing");
  return target.node;
}

/** As kubectl reads it: `80` is a number, `"80"` a text. */
export function scalarOf(node: LibraryScalar): Scalar {
  const source = node.source ?? String(node.value ?? "");
  if (node.tag !== undefined && node.tag !== "tag:yaml.org,2002:str") return resolvePlain(source);
  const plain = node.type === "PLAIN" || node.type === undefined || node.type === null;
  if (node.tag === undefined && plain) return resolvePlain(source);
  return String(node.value ?? "");
}

function toMap(reading: Reading, pairs: readonly Pair[], depth: number, line: number): YamlNode {
  const entries = new Map<string, MapEntry>();
  const merged = new Map<string, MapEntry>();
  const repeated: { key: string; line: number }[] = [];
  for (const pair of pairs) {
    const key = toNode(reading, pair.key, depth + 1, line);
    const name = keyName(key);
    const value = toNode(reading, pair.value, depth + 1, key.line);
    if (name === "<<" && isPlainKey(pair.key)) {
      for (const [mergedName, entry] of mergedEntries(value, key.line)) merged.set(mergedName, entry);
      continue;
    }
    if (entries.has(name)) repeated.push({ key: name, line: key.line });
    entries.set(name, { line: key.line, value });
  }
  for (const [name, entry] of merged) if (!entries.has(name)) entries.set(name, entry);
  return { kind: "map", line, entries, repeated };
}

function isPlainKey(key: unknown): boolean {
  return (key as LibraryNode & { type?: string }).type === "PLAIN";
}

/** `<<: *a` or `<<: [*a, *b]`; the first wins (go-yaml v2, `decode.go` merge). */
function mergedEntries(value: YamlNode, line: number): Iterable<readonly [string, MapEntry]> {
  if (value.kind === "map") return value.entries;
  if (value.kind === "list" && value.items.every((item) => item.kind === "map")) {
    return value.items.toReversed().flatMap((item) => [...mergedEntries(item, line)]);
  }
  throw new Refused("yaml: map merge requires map or sequence of maps as the value", line);
}

/** Converts other keys to strings, as sigs.k8s.io/yaml does on the way to JSON. */
function keyName(key: YamlNode): string {
  if (key.kind !== "scalar" || key.value === null) {
    throw new Refused(`unsupported map key of type: ${key.kind === "scalar" ? "null" : key.kind}`, key.line);
  }
  return String(key.value);
}
