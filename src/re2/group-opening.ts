import type { Re2Reader, SyntaxFlags } from "./reader.ts";

export type GroupOpening =
  | { readonly kind: "capture"; readonly name: string }
  /** `(?:`, `(?i:`. */
  | { readonly kind: "group" }
  /** `(?i)`: to the end of the group around it. */
  | { readonly kind: "flags" };

/** The beginning of a group, from its `(` on. Sets the flags that hold behind it. */
export function takeGroupOpening(reader: Re2Reader): GroupOpening {
  const start = reader.at;
  if (!reader.takeIf("(?")) {
    reader.at++;
    return { kind: "capture", name: "" };
  }
  // Go wants one character more behind `(?P<` and `(?<`.
  if ((reader.looksAt("P<") && reader.peek(2) !== "") || (reader.looksAt("<") && reader.peek(1) !== ""))
    return { kind: "capture", name: takeGroupName(reader, start) };
  return takeFlags(reader, start);
}

function takeGroupName(reader: Re2Reader, start: number): string {
  reader.takeIf("P");
  reader.takeIf("<");
  const name = reader.takeUntil(">");
  if (name === undefined) return reader.refuse("invalid named capture", reader.source.slice(start));
  if (!/^[0-9A-Za-z_]+$/.test(name)) return reader.refuse("invalid named capture", reader.since(start));
  return name;
}

function takeFlags(reader: Re2Reader, start: number): GroupOpening {
  const flags: { -readonly [Flag in keyof SyntaxFlags]: boolean } = { ...reader.flags };
  let to = true;
  let isComplete = true;
  while (!reader.ended) {
    const char = String.fromCodePoint(reader.takeRune());
    if (char === "i" || char === "m" || char === "s" || char === "U") {
      flags[char] = to;
      isComplete = true;
    } else if (char === "-" && to) {
      to = false;
      isComplete = false;
    } else if ((char === ":" || char === ")") && isComplete) {
      reader.flags = flags;
      return { kind: char === ":" ? "group" : "flags" };
    } else break;
  }
  return reader.refuse("invalid or unsupported Perl syntax", reader.since(start));
}
