import type { Problem } from "../model/problem.ts";
import type { Route } from "../model/route.ts";
import { findingOf } from "./finding.ts";
import { takenBeginning } from "./path-beginnings.ts";
import { type Examined, getOf, nameFor, openScheme, reaches } from "./probe.ts";

/** The Ingress that takes every request for hosts that no rule names. Only beside rules with hosts. */
export function* catchAlls(examined: Examined): Iterable<Problem> {
  const { table, outcome } = examined;
  for (const selection of new Set(table.entryPoints.map(({ selection }) => selection))) {
    if (selection.kind === "list" || selection.hosts.exact.size + selection.hosts.oneLabel.size === 0)
      continue;
    const { any } = selection.hosts;
    const routes = new Set([...any.entries, any.miss].map(({ route }) => route));
    for (const route of routes) {
      if (!isForAll(route)) continue;
      const witness = getOf(openScheme(route), nameFor(any), "/any");
      if (!reaches(outcome(witness), route)) continue;
      const what = route.rule === undefined ? "the default backend" : `path ${route.rule.path} without host`;
      yield findingOf(examined, route, {
        code: "catch-all",
        level: "notice",
        message: `${what} takes every request for hosts that no rule names: a mistyped host gets its answer instead of 404`,
        fix: "Nothing to do if it is meant so. Otherwise write the host.",
        witness,
      });
    }
  }
}

function isForAll({ ingress, rule }: Route): boolean {
  if (ingress === undefined) return false;
  if (rule === undefined) return true;
  return (
    rule.pathType !== "Exact" && (rule.path === "/" || (rule.regex && takenBeginning(rule.path) === "/"))
  );
}
