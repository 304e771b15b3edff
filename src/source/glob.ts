import { UserError } from "../errors.ts";

export function isGlob(input: string): boolean {
  return /[*?[{]/.test(input);
}

export interface Glob {
  /** The folder before the first segment with a wildcard; `.`: none. */
  readonly base: string;
  /** Levels of folders below `base` that can hold matches; infinite with `**`. */
  readonly depth: number;
  readonly matches: (relative: string) => boolean;
}

/** The most patterns that braces may stand for. */
const MOST_BRACES = 1_000;

/**
 * Reads a pattern as a shell would: `*` and `?` within a segment, `**` across segments, `[a-z]`, `{a,b}`. Only a
 * pattern that starts with a dot matches such names.
 *
 * `minimatch` 11 runs an automaton. Others (picomatch, micromatch, zeptomatch, wildcard-match) make a regular
 * expression that backtracks without end on thirty times `*a`. It is loaded for the first pattern.
 */
export async function readGlob(pattern: string): Promise<Glob> {
  const { braceExpand, Minimatch } = await import("minimatch");
  const segments = pattern.split("/");
  const first = segments.findIndex(isGlob);
  const base = segments.slice(0, first).join("/");
  const rest = segments.slice(first);
  const below = rest.join("/");
  if (braceExpand(below, { braceExpandMax: MOST_BRACES + 1 }).length > MOST_BRACES)
    throw new UserError("no-such-input", `${pattern} stands for more than ${MOST_BRACES} patterns.`);
  const options = { noext: true, nocomment: true, nonegate: true, braceExpandMax: MOST_BRACES };
  const matcher = new Minimatch(below, options);
  return {
    base: base === "" ? (pattern.startsWith("/") ? "/" : ".") : base,
    depth: rest.includes("**") ? Number.POSITIVE_INFINITY : rest.length - 1,
    matches: (relative) => matcher.match(relative),
  };
}
