import type { CandidateTree, PathCandidate } from "../../match/tree.ts";
import { backendInWords, ingressInWords } from "./route-in-words.ts";

const MARKS = { taken: "✓", missed: "✗", later: "·" } as const;

/** Candidates shown at the beginning, before the taken one, and after it. */
const [FIRST, BEFORE, AFTER] = [10, 3, 5];

type Shown = readonly (PathCandidate | { readonly more: number })[];

/** Leaves out candidates far from the taken one. */
function withoutMost(candidates: readonly PathCandidate[]): Shown {
  const taken = candidates.findIndex(({ mark }) => mark === "taken");
  const isNear = (index: number) =>
    index < FIRST || (taken >= 0 && index >= taken - BEFORE && index <= taken + AFTER);
  const shown: (PathCandidate | { more: number })[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const last = shown.at(-1);
    if (isNear(index)) shown.push(candidate);
    else if (last !== undefined && "more" in last) last.more += 1;
    else shown.push({ more: 1 });
  }
  return shown;
}

export function hostLines({ hosts }: CandidateTree): readonly string[] {
  return hosts.map(({ mark, text }) => `${MARKS[mark]} ${text}`);
}

export function candidateLines({ levels }: CandidateTree): readonly string[] {
  return levels.flatMap(({ host, candidates }) => [
    ...(levels.length > 1 ? [`of ${host}:`] : []),
    ...withoutMost(candidates).map((each) =>
      "more" in each ? `… ${each.more.toLocaleString("en")} more` : candidateInWords(each),
    ),
  ]);
}

function candidateInWords({ mark, location, route, why }: PathCandidate): string {
  const { action } = route;
  const target = action.kind === "respond" ? action.status : backendInWords(action.shares[0].backend);
  const others = [ingressInWords(route), why].filter((text) => text !== undefined);
  return [`${MARKS[mark]} ${location} → ${target}`, ...others].join("  ");
}

/** For `-o json`. `more`: how many are left out. */
export function treeForScripts({ hosts, levels }: CandidateTree): object {
  return {
    hosts,
    levels: levels.map(({ host, candidates }) => {
      const shown = withoutMost(candidates);
      const more = shown.reduce((sum, each) => sum + ("more" in each ? each.more : 0), 0);
      return {
        host,
        candidates: shown.flatMap((each) => ("more" in each ? [] : [candidateForScripts(each)])),
        more: more === 0 ? undefined : more,
      };
    }),
  };
}

function candidateForScripts({ mark, location, route, why }: PathCandidate): object {
  const { ingress, rule } = route;
  return {
    ...{ mark, location, rule, why },
    ingress: ingress && `${ingress.namespace}/${ingress.name}`,
    file: ingress?.file,
    line: ingress?.line || undefined,
  };
}
