import { closest } from "../closest.ts";
import { UserError } from "../errors.ts";
import type { MapEntry, MapNode, Scalar, YamlNode } from "../yaml/node.ts";
import { cutText } from "./cut-text.ts";
import { filledIn, type Variables } from "./variables.ts";

/** The place of a document, and what its `${…}` stand for. */
export interface DocumentContext {
  readonly file: string;
  /** 1-based first line of the document. */
  readonly line: number;
  readonly variables: Variables;
}

export function lineIn({ line }: Pick<DocumentContext, "line">, node: { readonly line: number }): number {
  return line + node.line;
}

/** @throws UserError `bad-test-file` with file and line */
export function refuseAt(
  context: Pick<DocumentContext, "file" | "line">,
  node: { readonly line: number },
  message: string,
  fix?: string,
): never {
  throw new UserError("bad-test-file", `${context.file}:${lineIn(context, node)}: ${message}`, fix);
}

/** `a text`, for messages on a value of the wrong type. */
function typeInWords(node: YamlNode): string {
  if (node.kind !== "scalar") return node.kind === "map" ? "a map" : "a list";
  if (node.value === null) return "empty";
  if (typeof node.value === "string") return `the text "${cutText(node.value)}"`;
  return String(node.value);
}

/** `what`: the map, as in `a test`. */
export function testFieldsOf<Key extends string>(
  context: DocumentContext,
  node: YamlNode,
  what: string,
  keys: readonly Key[],
): ReadonlyMap<Key, MapEntry> {
  const map = mapOf(context, node, what, `Its keys: ${keys.join(", ")}.`);
  const fields = new Map<Key, MapEntry>();
  for (const [name, entry] of map.entries) {
    const key = keys.find((known) => known === name);
    if (key === undefined) return unknownKey(context, entry, name, what, keys);
    fields.set(key, entry);
  }
  return fields;
}

function unknownKey(
  context: DocumentContext,
  entry: MapEntry,
  name: string,
  what: string,
  keys: readonly string[],
): never {
  const meant = closest(name, keys);
  const known = `${what} has the keys ${keys.join(", ")}`;
  return refuseAt(
    context,
    entry,
    `there is no key "${cutText(name)}" in ${what}.`,
    meant === undefined ? `${known.charAt(0).toUpperCase()}${known.slice(1)}.` : `Did you mean ${meant}?`,
  );
}

/** A map without repeated keys. */
export function mapOf(context: DocumentContext, node: YamlNode, what: string, fix?: string): MapNode {
  if (node.kind !== "map") {
    return refuseAt(context, node, `${what} is a map of keys and values, not ${typeInWords(node)}.`, fix);
  }
  const [again] = node.repeated;
  if (again !== undefined)
    return refuseAt(context, again, `"${cutText(again.key)}" is written twice.`, "Write each key once.");
  return node;
}

export function testListOf(
  context: DocumentContext,
  { value }: MapEntry,
  what: string,
  fix?: string,
): readonly YamlNode[] {
  if (value.kind === "list") return value.items;
  return refuseAt(context, value, `${what} is a list, not ${typeInWords(value)}.`, fix);
}

/** A text that is not empty, with its variables filled in. */
export function textOf(context: DocumentContext, node: YamlNode, what: string, fix?: string): string {
  const value = writtenScalar(node);
  if (typeof value === "string" && value !== "") return withVariables(context, node, value);
  if (value === null || value === undefined || value === "")
    return refuseAt(
      context,
      node,
      `${what} is a text, not ${value === "" ? "empty" : typeInWords(node)}.`,
      fix,
    );
  const quoted = `Write it in quotes: "${value}"`;
  return refuseAt(context, node, `${what} is a text, and ${String(value)} without quotes is none.`, quoted);
}

/** A text that may be empty. */
export function anyText(context: DocumentContext, node: YamlNode, what: string): string {
  return writtenScalar(node) === "" ? "" : textOf(context, node, what);
}

export function withVariables(
  context: DocumentContext,
  node: { readonly line: number },
  text: string,
): string {
  return filledIn(text, context.variables, (message, fix) => refuseAt(context, node, message, fix));
}

/** One text, or a list of them that is not empty. */
export function textsAt(context: DocumentContext, { value }: MapEntry, what: string): readonly string[] {
  if (value.kind !== "list") return [textOf(context, value, what)];
  if (value.items.length === 0) return refuseAt(context, value, `${what} is an empty list.`);
  return value.items.map((item) => textOf(context, item, what));
}

export function wholeNumber(
  context: DocumentContext,
  node: YamlNode,
  what: string,
  [least, most]: readonly [number, number],
): number {
  const value = writtenScalar(node);
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuseAt(
    context,
    node,
    `${what} is a whole number from ${least} to ${most}, not ${typeInWords(node)}.`,
  );
}

/** `undefined`: a map or a list. */
export function writtenScalar(node: YamlNode): Scalar | undefined {
  return node.kind === "scalar" ? node.value : undefined;
}

/** For options, which are judged elsewhere. */
export function plainValue(node: YamlNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plainValue);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plainValue(value)]));
}
