import { ANY_BYTE, type ByteSet, byteSet, NO_NEWLINE, single } from "./byte-set.ts";
import { readClass } from "./char-class.ts";
import { NO_OPTIONS, PatternCursor } from "./cursor.ts";
import { escapedByte, escapedSet, octal, refuseEscape } from "./escape.ts";
import { readGroup } from "./group.ts";
import { type Groups, newGroups, readGroupEscape, readNumberedReference, settleGroups } from "./groups.ts";
import { type Boundary, NOTHING, PatternError, type PatternNode } from "./node.ts";
import { readQuantifier } from "./quantifier.ts";

export interface Parsed {
  readonly kind: "parsed";
  readonly node: PatternNode;
  readonly groups: number;
  /** With `(?J)` a name may have several numbers. */
  readonly names: ReadonlyMap<string, readonly number[]>;
}

export type Parse =
  | Parsed
  | { readonly kind: "refused"; readonly why: string; readonly by: PatternError["by"] };

export interface ParserState {
  readonly cursor: PatternCursor;
  readonly groups: Groups;
}

/**
 * Reads a pattern as PCRE2 10.42 does without UTF: pattern and subject are bytes, one char each.
 *
 * Recursion, verbs, callouts and Unicode properties are refused by name. Source: pcre2pattern(3),
 * pcre2syntax(3).
 */
export function parsePcre(source: string, letters: "any case" | "exact case"): Parse {
  const cursor = new PatternCursor(source, { ...NO_OPTIONS, i: letters === "any case" });
  const groups = newGroups();
  try {
    const node = readChoice({ cursor, groups });
    if (!cursor.ended) cursor.refuse("unmatched closing parenthesis");
    settleGroups(groups, cursor);
    return { kind: "parsed", node, groups: groups.count, names: groups.names };
  } catch (error) {
    if (error instanceof PatternError) return { kind: "refused", why: error.message, by: error.by };
    throw error;
  }
}

/** Branches up to the end or a `)`, which is not taken. Options set inside also hold for later branches. */
export function readChoice(state: ParserState, beforeBranch: () => void = () => undefined): PatternNode {
  const { cursor } = state;
  const outside = cursor.options;
  const branches: PatternNode[] = [];
  do {
    beforeBranch();
    branches.push(readSequence(state));
  } while (cursor.takeIf("|"));
  cursor.options = outside;
  const [only] = branches;
  return branches.length === 1 && only !== undefined ? only : { kind: "choice", branches };
}

/** `repeatable`: a quantifier may follow. */
export interface ParsedItem {
  readonly node: PatternNode;
  readonly repeatable: boolean;
}

/** PCRE2 takes 64 K code units of a compiled pattern (LINK_SIZE 2), and every item takes at least one. */
const MOST_ITEMS = 65_535;

function readSequence(state: ParserState): PatternNode {
  const { cursor } = state;
  const items: PatternNode[] = [];
  let repeatable = false;
  for (;;) {
    skipNothings(cursor);
    if (cursor.ended || (!cursor.quoted && /[|)]/.test(cursor.source.charAt(cursor.at)))) break;
    const quantifier = cursor.quoted ? undefined : readQuantifier(cursor);
    if (quantifier !== undefined) {
      const item = items.pop();
      if (!repeatable || item === undefined)
        return cursor.refuse("quantifier does not follow a repeatable item");
      items.push({ kind: "repeat", item, ...quantifier });
      repeatable = false;
      continue;
    }
    const read = readItem(state);
    if (++cursor.items > MOST_ITEMS) return cursor.refuse("regular expression is too large");
    items.push(read.node);
    repeatable = read.repeatable;
  }
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: "sequence", items };
}

/** Comments, blanks in `(?x)`, `\E` and the start of `\Q`: quantifiers ignore them. */
function skipNothings(cursor: PatternCursor): void {
  for (;;) {
    if (cursor.quoted) {
      if (!cursor.takeIf("\\E")) return;
      cursor.quoted = false;
    } else if (cursor.takeIf("\\Q")) cursor.quoted = true;
    else if (cursor.takeIf("(?#")) {
      if (cursor.takeMatch(/[^)]*\)/y) === undefined) cursor.refuse("missing ) after (?# comment");
    } else if (!cursor.takeIf("\\E") && !(cursor.options.x && cursor.takeMatch(/\s+|#[^\n]*/y))) return;
  }
}

function readItem(state: ParserState): ParsedItem {
  const { cursor } = state;
  const char = cursor.take();
  if (cursor.quoted) return literal(cursor, char.charCodeAt(0));
  if (char === "\\") return readEscape(state);
  if (char === "(") return readGroup(state);
  if (char === "[") return { node: { kind: "set", set: readBracket(cursor) }, repeatable: true };
  if (char === ".")
    return { node: { kind: "set", set: cursor.options.s ? ANY_BYTE : NO_NEWLINE }, repeatable: true };
  if (char === "^") return boundary(cursor.options.m ? "line start" : "start");
  if (char === "$") return boundary(cursor.options.m ? "line end" : "end or last newline");
  return literal(cursor, char.charCodeAt(0));
}

function readBracket(cursor: PatternCursor): ByteSet {
  if (/^:[a-z^]*:\]/.test(cursor.source.slice(cursor.at)))
    return cursor.refuse("POSIX named classes are supported only within a class");
  return readClass(cursor);
}

function literal(cursor: PatternCursor, byte: number): ParsedItem {
  return {
    node: { kind: "set", set: single(byte, cursor.options.i ? "any case" : "exact case") },
    repeatable: true,
  };
}

function boundary(where: Boundary): ParsedItem {
  return { node: { kind: "boundary", boundary: where }, repeatable: false };
}

const PLACES: Readonly<Record<string, Boundary>> = {
  A: "start",
  // Matches always begin at the start of the subject, so `\G` is the start.
  G: "start",
  Z: "end or last newline",
  z: "end",
  b: "word boundary",
  B: "no word boundary",
};

/** `\R`: any newline; `\r\n` counts as one. */
const NEWLINE: PatternNode = {
  kind: "atomic",
  item: {
    kind: "choice",
    branches: [
      { kind: "sequence", items: [0x0d, 0x0a].map((byte) => ({ kind: "set", set: byteSet(byte) })) },
      { kind: "set", set: byteSet([0x0a, 0x0d], 0x85) },
    ],
  },
};

function readEscape(state: ParserState): ParsedItem {
  const { cursor } = state;
  const char = cursor.take();
  const where = Object.hasOwn(PLACES, char) ? PLACES[char] : undefined;
  if (where !== undefined) return boundary(where);
  // `\K` moves the reported start of the match, which nobody here reads.
  if (char === "K" && cursor.looks === 0) return { node: NOTHING, repeatable: false };
  if (char === "K") return cursor.refuse("\\K is not allowed in lookarounds");
  if (char === "R") return { node: NEWLINE, repeatable: true };
  if (char === "C") return { node: { kind: "set", set: ANY_BYTE }, repeatable: true };
  if (char === "N") {
    if (/^\{/.test(cursor.source.slice(cursor.at)) && readQuantifierAhead(cursor) === undefined)
      return cursor.refuse("\\N{name} is not supported");
    return { node: { kind: "set", set: NO_NEWLINE }, repeatable: true };
  }
  if (/[gk]/.test(char)) return readGroupEscape(state, char);
  if (/[1-9]/.test(char)) {
    cursor.at--;
    return readNumberedReference(state) ?? literal(cursor, octal(cursor));
  }
  const set = escapedSet(char);
  if (set !== undefined) return { node: { kind: "set", set }, repeatable: true };
  return literal(cursor, escapedByte(cursor, char) ?? refuseEscape(cursor, char));
}

function readQuantifierAhead(cursor: PatternCursor): unknown {
  const { at } = cursor;
  const found = readQuantifier(cursor);
  cursor.at = at;
  return found;
}
