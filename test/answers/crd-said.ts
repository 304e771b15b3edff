import type { Problem } from "../../src/model/problem.ts";
import type { CrdAnswer } from "./crd-answers.ts";

/** What is to be said of a manifest: its errors' messages, in any order, and its warnings. */
export interface Said {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** kubectl's own words, where it does not ask the API server. It decodes metadata under a longer name. */
const BY_KUBECTL =
  /^error: (?!unable to decode|error when retrieving)(?:error parsing \S+: |resource mapping not found.*: (?=no matches))?/s;

/** kubectl makes JSON of YAML first, and keeps the last value of a key. */
const REPEATED_KEYS = /yaml: unmarshal errors:\n(?: {2}line \d+: key "\w+" already set in map(?:, )?)+/;

export function saidByServer({ status, message, causes, kubectl, warnings = [] }: CrdAnswer): Said {
  const warned = warnings.map((warning) => /^299 - "(.*)"$/.exec(warning)?.[1] ?? warning);
  if (BY_KUBECTL.test(kubectl.stderr)) {
    const [line = ""] = kubectl.stderr.replace(BY_KUBECTL, "").split("\n");
    return { errors: [line], warnings: warned };
  }
  if (status === 201 || kubectl.exit === 0) return { errors: [], warnings: warned };
  const errors =
    status === 422
      ? causes.map((cause) => `${cause.field}: ${cause.message}`)
      : [message.replace(/^.*? cannot be handled as a \w+: /s, "").replace(REPEATED_KEYS, "")];
  return { errors: errors.sort(), warnings: warned };
}

export function saidHere(problems: readonly Problem[]): Said {
  const of = (isKept: (problem: Problem) => boolean) => problems.filter(isKept).map(({ message }) => message);
  return {
    errors: of(({ level, code }) => level === "error" || code === "rules-unchecked").sort(),
    warnings: of(({ code }) => code === "deprecated-version"),
  };
}
