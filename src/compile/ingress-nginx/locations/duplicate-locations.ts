import { append } from "../../../append.ts";
import type { Problem } from "../../../model/problem.ts";
import type { Steps } from "../../../steps.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { hostInWords } from "../../route.ts";
import type { LocationDraft, ServerDraft } from "../servers.ts";
import { stopInWords } from "../stop-words.ts";

export interface WrittenLocation {
  readonly draft: LocationDraft;
  readonly path: string;
  readonly exact: boolean;
}

/** How many locations are looked at in a step. */
const AT_ONCE = 500;

/**
 * An error for each location that the controller writes twice, which nginx refuses. A Prefix `/p` beside a
 * Prefix `/p/` does that, and so does a path repeated after one of another type (controller.go,
 * getBackendServers compares only the first equal path).
 */
export function* duplicateLocations(
  { host, ingresses, again }: Pick<ServerDraft, "host" | "ingresses" | "again">,
  locations: readonly WrittenLocation[],
): Steps<readonly Problem[]> {
  const written = new Map<string, LocationDraft>();
  const ages = new Map(ingresses.map((owner, age) => [owner, age]));
  const ageOf = ({ owner }: LocationDraft) => (owner === undefined ? -1 : (ages.get(owner) ?? 0));
  const isOlder = (a: LocationDraft, b: LocationDraft) => ageOf(a) < ageOf(b);
  const problems: Problem[] = [];
  const twice = [...locations, ...again.map((draft) => ({ draft, path: draft.path, exact: draft.exact }))];
  for (const [at, { draft, path, exact }] of twice.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    const location = `${exact ? "= " : ""}${path}`;
    const before = written.get(location);
    if (before === undefined) written.set(location, draft);
    else if (before !== draft) {
      const [older, younger] = isOlder(draft, before) ? [draft, before] : [before, draft];
      append(problems, duplicate(host, location, older, younger));
    }
  }
  return problems;
}

function duplicate(
  host: string,
  location: string,
  before: LocationDraft,
  { owner, rule }: LocationDraft,
): readonly Problem[] {
  if (owner === undefined || rule === undefined) return [];
  const { ingress } = owner;
  const earlier = `${before.path} of ${before.owner === undefined ? "the controller" : ingressName(before.owner.ingress)}`;
  const what = `location "${location}" ${hostInWords(host)} would be there twice, for the paths ${earlier} and ${rule.path.path} of ${ingressName(ingress)}`;
  const words = `duplicate location "${location.replace("= ", "")}"`;
  const problem = problemOf(ingress, {
    code: "duplicate-location",
    level: "error",
    field: `${rule.path.field}.path`,
    message: `${what}: ${stopInWords(words)}`,
    fix: "Remove one of the two: a Prefix /p covers what is below /p/ as well.",
    stops: words,
  });
  return [problem];
}
