import { lineEnd, lineStart } from "./edit.ts";
import { type Entry, NotEdited, type WrittenDocument, type WrittenMap } from "./written.ts";

/** The layout of a mapping: lines that are added look like those that are there. */
export type MapStyle =
  /** `indent`: of its keys. `step`: what one level more adds. */
  | { readonly kind: "block"; readonly indent: string; readonly step: string }
  /** In braces, a key a line. */
  | { readonly kind: "lines"; readonly indent: string; readonly step: string }
  /** In braces on one line. `pad`: inside of a brace. */
  | { readonly kind: "line"; readonly pad: string };

const DEFAULT_STEP = "  ";

export function mapStyleOf(document: WrittenDocument, map: WrittenMap): MapStyle {
  const { text } = document;
  const from = map.range?.[0] ?? 0;
  const first = document.firstEntry(map);
  if (map.flow !== true) return { kind: "block", ...blockStyle(document, map, from) };
  if (first === undefined) return { kind: "line", pad: "" };
  const indent = document.before(first.key.from);
  if (/\S/.test(indent) || lineStart(text, first.key.from) <= from) {
    return { kind: "line", pad: /^[ \t]*/.exec(text.slice(from + 1, first.key.from))?.[0] ?? "" };
  }
  return { kind: "lines", indent, step: stepBetween(outerIndent(document.before(from)), indent) };
}

function blockStyle(document: WrittenDocument, map: WrittenMap, from: number) {
  const keys = map.items.flatMap(({ key }) => (hasRange(key) ? [key.range[0]] : []));
  const plain = keys.map((key) => document.before(key)).find((before) => /^[ ]*(?:- +)*$/.test(before));
  if (plain === undefined) throw new NotEdited("its keys stand behind something else on their lines", from);
  return { indent: " ".repeat(plain.length), step: DEFAULT_STEP };
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}

/** Dashes of list items count as blanks. */
function outerIndent(before: string): string {
  return (/^[ \t]*(?:- +)*/.exec(before)?.[0] ?? "").replaceAll("-", " ");
}

function stepBetween(outer: string, inner: string): string {
  return inner.startsWith(outer) && inner.length > outer.length ? inner.slice(outer.length) : DEFAULT_STEP;
}

/** The style of a mapping under a key: one level is what lies between the two. */
export function mapStyleUnder(document: WrittenDocument, parent: WrittenMap, map: WrittenMap): MapStyle {
  const style = mapStyleOf(document, map);
  if (style.kind !== "block" || parent.flow === true) return style;
  const { indent } = blockStyle(document, parent, parent.range?.[0] ?? 0);
  return { ...style, step: stepBetween(indent, style.indent) };
}

/** A key or value in the quotes of its neighbour. */
export function quotedAs({ key }: Entry, text: string): string {
  return `${key.quote}${text}${key.quote}`;
}

/** `: `, or `:` where the neighbour is written so. */
export function colonOf(document: WrittenDocument, { key, value }: Entry): string {
  return key.quote !== "" && document.text.slice(key.to, value.from) === ":" ? ":" : ": ";
}

/** True if nothing but a comment follows in the line. */
export function endsLine(text: string, offset: number): boolean {
  return /^[ \t]*(?:[ \t]#.*)?$/.test(text.slice(offset, lineEnd(text, offset)));
}
