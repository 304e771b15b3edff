import { takeNamedSet } from "./ascii-sets.ts";
import { takeEscapedRune, takeEscapedSet } from "./escapes.ts";
import type { Re2Reader } from "./reader.ts";
import { folded, notIn, type RuneSet, runeRange, unionOf } from "./rune-set.ts";

/** A class, from its `[` on. */
export function takeBracket(reader: Re2Reader): RuneSet {
  const start = reader.at++;
  const isNegated = reader.takeIf("^");
  const sets: RuneSet[] = [];
  // A `]` that comes first is a member.
  while (sets.length === 0 || !reader.takeIf("]"))
    sets.push(takeNamedSet(reader) ?? takeEscapedSet(reader) ?? takeRange(reader, start));
  const set = unionOf(sets);
  return isNegated ? notIn(set) : set;
}

function takeRange(reader: Re2Reader, bracket: number): RuneSet {
  const start = reader.at;
  const from = takeMember(reader, bracket);
  let to = from;
  // A hyphen before `]` is a member.
  if (reader.peek() === "-" && reader.peek(1) !== "" && reader.peek(1) !== "]") {
    reader.at++;
    to = takeMember(reader, bracket);
    if (to < from) return reader.refuse("invalid character class range", reader.since(start));
  }
  const range = runeRange(from, to);
  return reader.flags.i ? folded(range) : range;
}

function takeMember(reader: Re2Reader, bracket: number): number {
  if (reader.ended) return reader.refuse("missing closing ]", reader.source.slice(bracket));
  return reader.peek() === "\\" ? takeEscapedRune(reader) : reader.takeRune();
}
