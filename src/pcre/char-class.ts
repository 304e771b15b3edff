import { type ByteSet, byteSet, complement, inAnyCase, POSIX_SETS, union } from "./byte-set.ts";
import type { PatternCursor } from "./cursor.ts";
import { escapedByte, escapedSet, octal, refuseEscape } from "./escape.ts";

const OPEN_ENDED = "missing terminating ] for character class";

/** One member of a class: a byte, which may begin a range, or a set, which may not. */
type Member = number | ByteSet | undefined;

export function readClass(cursor: PatternCursor): ByteSet {
  const negated = cursor.takeIf("^");
  let set = byteSet();
  let isEmpty = true;
  // A leading `]` is a member.
  while (isEmpty || cursor.quoted || !cursor.takeIf("]")) {
    if (cursor.ended) return cursor.refuse(OPEN_ENDED);
    const member = readMember(cursor);
    if (member === undefined) continue;
    set = union(set, typeof member === "number" ? readRange(cursor, member) : refuseRange(cursor, member));
    isEmpty = false;
  }
  if (cursor.options.i) set = inAnyCase(set);
  return negated ? complement(set) : set;
}

function readMember(cursor: PatternCursor): Member {
  if (cursor.quoted) {
    if (!cursor.takeIf("\\E")) return cursor.take().charCodeAt(0);
    cursor.quoted = false;
    return undefined;
  }
  const char = cursor.take();
  if (char === "[") return posixSet(cursor) ?? 0x5b;
  if (cursor.options.xx && (char === " " || char === "\t")) return undefined;
  if (char !== "\\") return char.charCodeAt(0);
  const escaped = cursor.take();
  if (escaped === "E") return undefined;
  if (escaped === "Q") {
    cursor.quoted = true;
    return undefined;
  }
  return escapedMember(cursor, escaped);
}

function escapedMember(cursor: PatternCursor, escaped: string): Member {
  if (escaped === "b") return 0x08;
  if (escaped === "N") return cursor.refuse("\\N is not supported in a class");
  if (/[BRX]/.test(escaped)) return cursor.refuse("escape sequence is invalid in character class");
  if (/[1-7]/.test(escaped)) {
    cursor.at--;
    return octal(cursor);
  }
  const set = escapedSet(escaped);
  return set ?? escapedByte(cursor, escaped) ?? refuseEscape(cursor, escaped);
}

/** `a-z`, after its first byte. A hyphen before `]` is a member. */
function readRange(cursor: PatternCursor, from: number): ByteSet {
  const before = cursor.at;
  if (cursor.quoted || !takeHyphen(cursor)) return byteSet(from);
  let to = readMember(cursor);
  while (to === undefined && !cursor.ended) to = readMember(cursor);
  if (to === undefined) return cursor.refuse(OPEN_ENDED);
  if (typeof to !== "number") return cursor.refuse("invalid range in character class");
  if (to < from) return cursor.refuse("range out of order in character class");
  return cursor.at > before ? byteSet([from, to]) : byteSet(from);
}

function takeHyphen(cursor: PatternCursor): boolean {
  const found = cursor.takeMatch(/-(?!\])/y);
  return found !== undefined;
}

function refuseRange(cursor: PatternCursor, set: ByteSet): ByteSet {
  const found = /-(?!\])/y;
  found.lastIndex = cursor.at;
  return !cursor.quoted && found.test(cursor.source)
    ? cursor.refuse("invalid range in character class")
    : set;
}

/** `undefined` for a plain bracket. */
function posixSet(cursor: PatternCursor): ByteSet | undefined {
  const found = cursor.takeMatch(/([:.=])(\^?)([^\\\]:]*)\1\]/y);
  if (found === undefined) return undefined;
  const [, kind, negated, name = ""] = found;
  if (kind !== ":") return cursor.refuse("POSIX collating elements are not supported");
  const known = POSIX_SETS.get(name);
  if (known === undefined) return cursor.refuse("unknown POSIX class name");
  const set = cursor.options.i && /^(?:upper|lower)$/.test(name) ? inAnyCase(known) : known;
  return negated === "" ? set : complement(set);
}
