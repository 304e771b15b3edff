import { applyEdits, type Edit, lineEnd, lineStart } from "../edit.ts";
import { insertAfter } from "../entries.ts";
import { mapStyleOf } from "../map-style.ts";
import type { FieldPlace } from "../tree-changes.ts";
import { type Entry, NotEdited, WrittenDocument, type WrittenMap } from "../written.ts";

/** A field of an object that stays. `value`: the text; default: the field goes */
export interface FieldEdit {
  /** `["metadata", "annotations", "…/use-regex"]`; all but the last two are there. */
  readonly place: FieldPlace;
  readonly value?: string | undefined;
}

/** The document with its fields changed one by one; everything else keeps its bytes. @throws NotEdited */
export function editedText(text: string, edits: readonly FieldEdit[]): string {
  return edits.reduce((now, edit) => applyEdits(now, editsOf(new WrittenDocument(now), edit)), text);
}

function editsOf(document: WrittenDocument, { place, value }: FieldEdit): readonly Edit[] {
  const written = document.at([], place);
  if (value === undefined)
    return written?.entry === undefined ? [] : [removal(document, written.entry, place)];
  if (written?.entry !== undefined) return [replacement(document, written.entry, value)];
  const holder = document.mapOf(document.nodeAt([], place.slice(0, -1)));
  const last = holder && lastEntry(document, holder);
  if (last === undefined) return [firstUnder(document, place, value)];
  return insertAfter(document, last, String(place.at(-1)), last.key.quote === "" ? inQuotes(value) : value);
}

/** Words of Kubernetes alone stand without quotes. */
function inQuotes(value: string): string {
  return /^(?:Exact|Prefix|ImplementationSpecific)$/.test(value) ? value : JSON.stringify(value);
}

function replacement({ text }: WrittenDocument, { value: { from, to } }: Entry, value: string): Edit {
  if (/^[&*|>!{[]/.test(text.slice(from, to))) throw new NotEdited("a value is no plain text", from);
  const isEmpty = from === to;
  return { from, to, text: `${isEmpty ? " " : ""}${inQuotes(value)}` };
}

function lastEntry(document: WrittenDocument, map: WrittenMap): Entry | undefined {
  const keys = map.items.flatMap(({ key }) => (isText(key) ? [key.value] : []));
  const last = keys.at(-1);
  return last === undefined ? undefined : document.ownEntries(map, last).at(-1);
}

function isText(key: unknown): key is { readonly value: string } {
  return typeof key === "object" && key !== null && "value" in key && typeof key.value === "string";
}

/** The holder is not there, or is empty: it is written with the one field. */
function firstUnder(document: WrittenDocument, place: FieldPlace, value: string): Edit {
  const [holder, key] = place.slice(-2).map(String);
  const above = document.mapOf(document.nodeAt([], place.slice(0, -2)));
  const [found] = above === undefined || holder === undefined ? [] : document.ownEntries(above, holder);
  const pair = `${key}: ${inQuotes(value)}`;
  if (found !== undefined) {
    const { from, to } = found.value;
    return { from, to, text: `${from === to ? " " : ""}{ ${pair} }` };
  }
  const last = above && lastEntry(document, above);
  if (above === undefined || last === undefined) throw new NotEdited(`there is no place for ${holder}`, 0);
  const style = mapStyleOf(document, above);
  const at = lineEnd(document.text, last.value.to);
  if (style.kind !== "block")
    return { from: last.value.to, to: last.value.to, text: `, ${holder}: { ${pair} }` };
  const lines = `${style.indent}${holder}:\n${style.indent}${style.step}${pair}`;
  // A block scalar ends behind its last line.
  return document.text[last.value.to - 1] === "\n"
    ? { from: last.value.to, to: last.value.to, text: `${lines}\n` }
    : { from: at, to: at, text: `\n${lines}` };
}

/** With its comment. The last field of an object takes the object's key with it. */
function removal(document: WrittenDocument, entry: Entry, place: FieldPlace): Edit {
  const above = entry.map.items.length === 1 ? document.at([], place.slice(0, -1))?.entry : undefined;
  if (above !== undefined) return removal(document, above, place.slice(0, -1));
  const { text } = document;
  const { from, to } =
    entry.value.to > entry.key.to ? { from: entry.key.from, to: entry.value.to } : entry.key;
  if (mapStyleOf(document, entry.map).kind === "block") {
    const end = text[to - 1] === "\n" ? to : lineEnd(text, to) + 1;
    return { from: withComments(text, lineStart(text, from)), to: end, text: "" };
  }
  if (!entry.isLast) return { from, to: to + (/^\s*,\s*/.exec(text.slice(to))?.[0].length ?? 0), text: "" };
  const before = /,\s*$/.exec(text.slice(0, from))?.[0].length ?? 0;
  return { from: from - before, to, text: "" };
}

/** The beginning of the lines of comment right before a line. */
function withComments(text: string, line: number): number {
  let from = line;
  while (from > 0) {
    const before = lineStart(text, from - 1);
    if (!/^[ \t]*#/.test(text.slice(before, from))) return from;
    from = before;
  }
  return from;
}
