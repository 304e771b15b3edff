import { type Edit, lineEnd } from "./edit.ts";
import { colonOf, mapStyleOf, quotedAs } from "./map-style.ts";
import { type Entry, NotEdited, type Range, type WrittenDocument, type WrittenMap } from "./written.ts";

/** Another name for a key, in the same quotes. */
export function renameKey(entry: Entry, name: string): Edit {
  return { from: entry.key.from, to: entry.key.to, text: quotedAs(entry, name) };
}

/** Another text for a scalar: what stands around its old text (quotes, anchor, comment) stays. */
export function replaceText(document: WrittenDocument, { from, to }: Range, old: string, text: string): Edit {
  const at = document.text.indexOf(old, from);
  if (old === "" || at < 0 || at + old.length > to) {
    throw new NotEdited(`"${old}" is written with escapes or over several lines`, from);
  }
  return { from: at, to: at + old.length, text };
}

/** A value where a key has none, or null. */
export function fillValue(document: WrittenDocument, entry: Entry, text: string): Edit {
  const { from, to } = entry.value;
  if (from < to) return { from, to, text: quotedAs(entry, text) };
  const colon = document.text.indexOf(":", entry.key.to) + 1;
  return { from: colon, to: colon, text: ` ${quotedAs(entry, text)}` };
}

/** A key and value behind another entry, with its comment before them. */
export function insertAfter(document: WrittenDocument, entry: Entry, key: string, value: string): Edit[] {
  const { text } = document;
  const style = mapStyleOf(document, entry.map);
  const { to } = entry.value;
  const end = lineEnd(text, to);
  const pair = `${quotedAs(entry, key)}${colonOf(document, entry)}${quotedAs(entry, value)}`;
  if (style.kind === "block") {
    const line = `${style.indent}${pair}`;
    // A block scalar ends behind its last line.
    if (text[to - 1] === "\n") return [{ from: to, to, text: `${line}\n` }];
    return [{ from: end, to: end, text: `\n${line}` }];
  }
  const rest = text.slice(to, end);
  if (style.kind === "lines" && /^\s*$/.test(document.before(entry.key.from))) {
    const fresh = `\n${style.indent}${pair}`;
    if (/^[ \t]*,[ \t]*(?:[ \t]#.*)?$/.test(rest)) return [{ from: end, to: end, text: `${fresh},` }];
    if (entry.isLast && /^[ \t]*(?:[ \t]#.*)?$/.test(rest)) {
      return [
        { from: to, to, text: "," },
        { from: end, to: end, text: fresh },
      ];
    }
  }
  return [{ from: to, to, text: `,${colonOf(document, entry) === ":" ? "" : " "}${pair}` }];
}

/** A key and value before all others of a mapping. */
export function insertFirst(document: WrittenDocument, map: WrittenMap, key: string, value: string): Edit {
  const first = document.firstEntry(map);
  const from = map.range?.[0] ?? 0;
  if (first === undefined) {
    if (document.text[from] !== "{") throw new NotEdited("an entry of the list is empty", from);
    const isJson = document.text.trimStart().startsWith("{");
    const pair = isJson ? `"${key}": "${value}"` : `${key}: ${value}`;
    return { from: from + 1, to: from + 1, text: pair };
  }
  const style = mapStyleOf(document, map);
  const colon = colonOf(document, first);
  const pair = `${quotedAs(first, key)}${colon}${quotedAs(first, value)}`;
  const at = first.key.from;
  if (style.kind === "block") return { from: at, to: at, text: `${pair}\n${style.indent}` };
  const separator = style.kind === "lines" ? `,\n${style.indent}` : colon === ":" ? "," : ", ";
  return { from: at, to: at, text: `${pair}${separator}` };
}
