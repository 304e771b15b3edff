/** Whether a path is a pattern and not a name. */
export function isGlob(input: string): boolean {
  return /[*?[{]/.test(input);
}

/** A pattern, ready to match: where to look, how deep, and what for. */
export interface Glob {
  /** The folder before the first segment with a wildcard; `.` for none. */
  readonly base: string;
  /** How many folders below `base` matches may be in; infinite with `**`. */
  readonly depth: number;
  /** Whether a path below `base`, with `/` between its segments, matches. */
  readonly matches: (relative: string) => boolean;
}

/**
 * Reads a pattern as a shell would: `*` and `?` within a segment, `**` across any number of them, `[a-z]`, `{a,b}`.
 * Names that start with a dot are only matched by patterns that do.
 */
export function readGlob(pattern: string): Glob {
  const segments = pattern.split("/");
  const first = segments.findIndex(isGlob);
  const base = segments.slice(0, first).join("/");
  const rest = segments.slice(first);
  const regex = new RegExp(`^${rest.map(segmentRegex).join("").replace(/\/$/, "")}$`);
  return {
    base: base === "" ? (pattern.startsWith("/") ? "/" : ".") : base,
    depth: rest.includes("**") ? Number.POSITIVE_INFINITY : rest.length - 1,
    matches: (relative) => regex.test(relative),
  };
}

function segmentRegex(segment: string, at: number, all: readonly string[]): string {
  if (segment === "**") return at === all.length - 1 ? "(?:[^./][^/]*/)*[^./][^/]*" : "(?:[^./][^/]*/)*";
  const hidden = segment.startsWith(".") ? "" : "(?!\\.)";
  return `${hidden}${wildcards(segment)}/`;
}

function wildcards(segment: string): string {
  const tokens = segment.match(/\*+|\?|\[!?[^\]]+\]|\{[^{}]*\}|[\s\S]/g) ?? [];
  return tokens
    .map((token) => {
      if (token.startsWith("*")) return "[^/]*";
      if (token === "?") return "[^/]";
      if (token.length > 2 && token.startsWith("["))
        return token.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
      if (token.length > 1) return `(?:${token.slice(1, -1).split(",").map(wildcards).join("|")})`;
      return token.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    })
    .join("");
}
