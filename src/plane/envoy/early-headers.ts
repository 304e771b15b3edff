/** A change of a request's headers before anything reads them (`early_header_mutation`). */
export interface EarlyHeader {
  /** Lower case. */
  readonly name: string;
  /** In order; a header of the request is told by its lower-case name. Not of "removed" */
  readonly value: readonly (string | { readonly header: string })[];
  readonly how: "set" | "beside" | "if absent" | "removed";
}

/** Header lines with the changes in order; names and values alternate. */
export function changedEarly(raw: readonly string[], changes: readonly EarlyHeader[]): readonly string[] {
  let lines = raw;
  for (const { name, value, how } of changes) {
    if (how === "if absent" && valueIn(lines, name) !== undefined) continue;
    const filled = value.map((part) => (typeof part === "string" ? part : valueIn(lines, part.header)));
    const kept = how === "set" || how === "removed" ? without(lines, name) : lines;
    lines = how === "removed" ? kept : [...kept, name, filled.join("")];
  }
  return lines;
}

function valueIn(lines: readonly string[], name: string): string | undefined {
  const at = lines.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : lines[at + 1];
}

function without(lines: readonly string[], name: string): readonly string[] {
  return lines.filter((_, i) => lines[i - (i % 2)]?.toLowerCase() !== name);
}
