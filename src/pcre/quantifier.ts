import type { PatternCursor } from "./cursor.ts";

export interface Quantifier {
  readonly least: number;
  readonly most: number;
  readonly mode: "greedy" | "lazy" | "possessive";
}

const HIGHEST = 65_535;

/** Takes `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`, with a `?` or `+` after it. Any other `{` is literal. */
export function readQuantifier(cursor: PatternCursor): Quantifier | undefined {
  const found = cursor.takeMatch(/([*+?])|\{(\d+)(?:(,)(\d*))?\}/y);
  if (found === undefined) return undefined;
  const [, sign, first = "", comma, second = ""] = found;
  const least = sign === undefined ? Number(first) : sign === "+" ? 1 : 0;
  const most =
    sign === undefined
      ? comma === undefined
        ? least
        : second === ""
          ? Number.POSITIVE_INFINITY
          : Number(second)
      : sign === "?"
        ? 1
        : Number.POSITIVE_INFINITY;
  if (least > HIGHEST || (most > HIGHEST && most !== Number.POSITIVE_INFINITY))
    return cursor.refuse("number too big in {} quantifier");
  if (most < least) return cursor.refuse("numbers out of order in {} quantifier");
  if (cursor.takeIf("+")) return { least, most, mode: "possessive" };
  const lazy = cursor.takeIf("?");
  return { least, most, mode: lazy === cursor.options.U ? "greedy" : "lazy" };
}
