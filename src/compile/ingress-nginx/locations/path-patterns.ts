import type { Pattern } from "../../../model/pattern.ts";
import type { Problem } from "../../../model/problem.ts";
import { type Anchor, compilePattern } from "../../../pcre/pattern.ts";
import { problemOf } from "../../problem.ts";
import type { LocationDraft } from "../servers.ts";
import { stopInWords } from "../stops.ts";
import { pcreRefusal } from "../values/pcre-words.ts";

/** Compiles a pattern once for all the paths that share it. */
export type PatternCache = Map<string, ReturnType<typeof compilePattern>>;

function cached(source: string, anchor: Anchor, patterns: PatternCache): ReturnType<typeof compilePattern> {
  const key = `${anchor} ${source}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  const compiled = compilePattern(source, anchor);
  patterns.set(key, compiled);
  return compiled;
}

export function isRefused(path: string, patterns: PatternCache): boolean {
  return cached(path, "start", patterns).kind === "refused";
}

export function patternOf(path: string, anchor: Anchor, patterns: PatternCache): Pattern {
  const compiled = cached(path, anchor, patterns);
  if (compiled.kind === "compiled") return compiled.pattern;
  throw new Error(`the pattern ${path} was refused before: ${compiled.why}`);
}

export function badPattern(draft: LocationDraft, patterns: PatternCache): Problem {
  const compiled = cached(draft.path, "start", patterns);
  const { why, by } = compiled.kind === "refused" ? compiled : { why: "", by: "PCRE" };
  const words = by === "PCRE" ? pcreRefusal(why, `^${draft.path}`) : undefined;
  const what = `the path "${draft.path}" is a regular expression that is not served: ${why}`;
  return patternProblem(draft, {
    code: "bad-pattern",
    level: "error",
    lost: "route",
    message: words === undefined ? what : `${what}: ${stopInWords(words)}`,
    fix: "Correct the expression, or write it without what is named here.",
    ...(words === undefined ? {} : { stops: words }),
  });
}

export function slowPattern(draft: LocationDraft, patterns: PatternCache): readonly Problem[] {
  const compiled = cached(draft.path, "start", patterns);
  if (compiled.kind === "refused" || !compiled.catastrophic) return [];
  return [
    patternProblem(draft, {
      code: "slow-pattern",
      level: "warning",
      message: `the path "${draft.path}" repeats what itself repeats or chooses: some requests take it very long, and are answered 500`,
      fix: "Write it without a repeated group inside a repetition, as [a-z]+ instead of ([a-z]+)+.",
    }),
  ];
}

function patternProblem(
  draft: LocationDraft,
  problem: Pick<Problem, "level" | "message" | "fix"> & {
    readonly code: "bad-pattern" | "slow-pattern";
    readonly stops?: string;
    readonly lost?: "route";
  },
): Problem {
  const { owner, rule } = draft;
  if (owner === undefined || rule === undefined)
    throw new Error("only an Ingress's own path can be a bad pattern");
  return problemOf(owner.ingress, { ...problem, field: `${rule.path.field}.path` });
}
