import type { PatternCursor } from "./cursor.ts";
import type { GroupRef } from "./node.ts";
import type { ParsedItem, ParserState } from "./parse.ts";

export interface Groups {
  count: number;
  readonly names: Map<string, number[]>;
  readonly nameOf: Map<number, string>;
  /** References, checked at the end of the pattern. */
  readonly references: GroupRef[];
}

const MISSING = "reference to non-existent subpattern";
/** unit: chars */
const LONGEST_NAME = 32;

export function newGroups(): Groups {
  return { count: 0, names: new Map(), nameOf: new Map(), references: [] };
}

export function openGroup({ cursor, groups }: ParserState, name?: string): number {
  const index = ++groups.count;
  if (name === undefined) return index;
  if ((groups.nameOf.get(index) ?? name) !== name)
    cursor.refuse("different names for subpatterns of the same number are not allowed");
  groups.nameOf.set(index, name);
  const numbers = groups.names.get(name) ?? [];
  if (numbers.length > 0 && !numbers.includes(index) && !cursor.options.J)
    cursor.refuse("two named subpatterns have the same name (PCRE2_DUPNAMES not set)");
  groups.names.set(name, numbers.includes(index) ? numbers : [...numbers, index]);
  return index;
}

export function readName(cursor: PatternCursor, end: string): string {
  if (/^\d/.test(cursor.source.slice(cursor.at)))
    return cursor.refuse("subpattern name must start with a non-digit");
  const name = cursor.takeMatch(/[A-Za-z_]\w*/y)?.[0];
  if (name === undefined) return cursor.refuse("subpattern name expected");
  if (name.length > LONGEST_NAME) return cursor.refuse("subpattern name is too long (maximum 32 code units)");
  return cursor.takeIf(end) ? name : cursor.refuse("syntax error in subpattern name (missing terminator?)");
}

export function referTo({ cursor, groups }: ParserState, to: GroupRef): ParsedItem {
  groups.references.push(to);
  const letters = cursor.options.i ? "any case" : "exact case";
  return { node: { kind: "reference", to, letters }, repeatable: true };
}

/** A group number. Signed numbers are relative: `-1` is the group read last, `+1` the next. */
export function groupNumber({ cursor, groups }: ParserState, sign: string, digits: string): number {
  const number = Number(digits);
  if (sign === "") return number;
  const index = sign === "-" ? groups.count - number + 1 : groups.count + number;
  return index < 1 || number === 0 ? cursor.refuse(MISSING) : index;
}

export function readGroupEscape(state: ParserState, letter: string): ParsedItem {
  const { cursor } = state;
  if (letter === "g") {
    if (/^[<']/.test(cursor.source.slice(cursor.at))) return cursor.unsupported("recursion (\\g<…>) is not");
    const found = cursor.takeMatch(/([-+]?)(\d+)|\{([-+]?)(\d+)\}/y);
    if (found !== undefined)
      return referTo(state, groupNumber(state, found[1] ?? found[3] ?? "", found[2] ?? found[4] ?? ""));
    if (!cursor.takeIf("{"))
      return cursor.refuse(
        "a numbered reference must not be zero, or \\g is not followed by a name or number",
      );
    return referTo(state, readName(cursor, "}"));
  }
  for (const [open, close] of ["{}", "<>", "''"])
    if (open !== undefined && close !== undefined && cursor.takeIf(open))
      return referTo(state, readName(cursor, close));
  return cursor.refuse("\\k is not followed by a braced, angle-bracketed, or quoted name");
}

/**
 * `\1` and so on. `undefined` for octal digits: two or more, beyond the groups so far, and not starting with
 * 8 or 9.
 */
export function readNumberedReference(state: ParserState): ParsedItem | undefined {
  const { cursor, groups } = state;
  const digits = /^\d+/.exec(cursor.source.slice(cursor.at))?.[0] ?? "";
  if (Number(digits) >= 10 && Number(digits) > groups.count && !/^[89]/.test(digits)) return undefined;
  cursor.at += digits.length;
  return referTo(state, Number(digits));
}

export function settleGroups({ count, names, references }: Groups, cursor: PatternCursor): void {
  for (const to of references) {
    const exists = typeof to === "number" ? to >= 1 && to <= count : names.has(to);
    if (!exists) cursor.refuse(MISSING);
  }
}
