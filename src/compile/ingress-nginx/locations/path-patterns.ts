import type { Pattern } from "../../../model/pattern.ts";
import type { Problem } from "../../../model/problem.ts";
import { type Anchor, compilePattern } from "../../../pcre/pattern.ts";
import { problemOf } from "../../problem.ts";
import { type Ask, query } from "../../query.ts";
import type { LocationDraft } from "../servers.ts";
import { stopInWords } from "../stop-words.ts";
import { pcreRefusal } from "../values/pcre-words.ts";

type Compiled = ReturnType<typeof compilePattern>;

/** Expressions from the start of a path, and anywhere in a text: each is compiled once for all that share it. */
const FROM_START = query<string, Compiled>("expression", (source) => compilePattern(source, "start"));
export const ANYWHERE = query<string, Compiled>("expression anywhere", (source) =>
  compilePattern(source, "anywhere"),
);

export function isRefused(path: string, ask: Ask): boolean {
  return ask.for(FROM_START, path).kind === "refused";
}

export function patternOf(path: string, anchor: Anchor, ask: Ask): Pattern {
  const compiled = ask.for(anchor === "start" ? FROM_START : ANYWHERE, path);
  if (compiled.kind === "compiled") return compiled.pattern;
  throw new Error(`the pattern ${path} was refused before: ${compiled.why}`);
}

export function badPattern(draft: LocationDraft, ask: Ask): Problem {
  const compiled = ask.for(FROM_START, draft.path);
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

export function slowPattern(draft: LocationDraft, ask: Ask): readonly Problem[] {
  const compiled = ask.for(FROM_START, draft.path);
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
