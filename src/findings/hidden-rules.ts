import type { Problem } from "../model/problem.ts";
import type { RouteEntry, VirtualHost } from "../model/route/selection.ts";
import { mainBackend, type Route } from "../model/route.ts";
import { samplesOf } from "../pcre/samples.ts";
import { findingOf, otherPathInWords, pathInWords } from "./finding.ts";
import { neededBeginning } from "./path-beginnings.ts";
import { type Examined, everyHost, getOf, nameFor, openScheme, reaches, ruledEntries } from "./probe.ts";
import { TakenPaths } from "./taken-paths.ts";

/** Rules whose every path an expression before them takes: the controller tries the longest first. */
export function* hiddenRules(examined: Examined): Iterable<Problem> {
  for (const host of everyHost(examined.table)) {
    for (const { entry, by } of hiddenEntries(host)) {
      const found = shown(examined, host, entry, by);
      if (found !== undefined) yield found;
    }
    const root = hiddenRoot(examined, host);
    if (root !== undefined) yield root;
  }
}

interface Hidden {
  readonly entry: RouteEntry;
  readonly by: Route;
}

/** The last entry of each rule that has no other. A rule may have a route for its path alone, and one for those below. */
function* hiddenEntries(host: VirtualHost): Iterable<Hidden> {
  const taken = new TakenPaths();
  const hidden = new Map<string, Hidden>();
  const open = new Set<string>();
  for (const entry of ruledEntries(host)) {
    const { path } = entry.match;
    if (path.kind !== "pattern") return;
    const by = taken.takes(neededBeginning(path.pattern.source));
    if (by === undefined) open.add(entry.route.id);
    // What its own earlier entry takes says nothing of the rule.
    else if (by.id !== entry.route.id) hidden.set(entry.route.id, { entry, by });
    taken.add(path.pattern.source, entry.route);
  }
  for (const [id, found] of hidden) if (!open.has(id) && !isSame(found.entry.route, found.by)) yield found;
}

/** The same Service after the same steps: nobody misses the rule. */
function isSame(one: Route, other: Route): boolean {
  const [backend, another] = [mainBackend(one), mainBackend(other)];
  return (
    JSON.stringify(backend) === JSON.stringify(another) &&
    one.steps.length === other.steps.length &&
    one.steps.every((step, at) => step === other.steps[at])
  );
}

function shown(
  examined: Examined,
  host: VirtualHost,
  { match, route }: RouteEntry,
  by: Route,
): Problem | undefined {
  if (match.path.kind !== "pattern") return undefined;
  const { matching } = samplesOf(match.path.pattern, "/");
  const [target] = matching.filter((path) => /^[\w/.~-]+$/.test(path));
  if (target === undefined) return undefined;
  const witness = getOf(openScheme(by), nameFor(host), target);
  if (!reaches(examined.outcome(witness), by)) return undefined;
  return findingOf(examined, route, {
    code: "unreachable-rule",
    level: "warning",
    message: `${pathInWords(route)} is never reached: ${otherPathInWords(by, route)} takes all of its requests, because it is tried first (${orderInWords(by, route)})`,
    fix: `Write ${by.rule?.path} so that it leaves the path out, write this one longer, or give one of them a host of its own.`,
    witness,
  });
}

/** Why the controller tries the one before the other. */
function orderInWords(first: Route, second: Route): string {
  const [one = 0, other = 0] = [first, second].map(({ rule }) => rule?.path.length);
  return one > other
    ? "the longest expression is"
    : "of two as long, the one that comes first in the controller's order is";
}

/** `app-root` answers `/` before an Exact `/` is looked for. */
function hiddenRoot(examined: Examined, host: VirtualHost): Problem | undefined {
  const step = host.before.find(({ kind }) => kind === "app-root");
  if (step?.kind !== "app-root") return undefined;
  const roots = ruledEntries(host).filter(
    ({ match: { path } }) => path.kind === "exact" && path.path === "/",
  );
  const [root] = roots;
  if (root === undefined || host.entries.some((entry) => entry !== root && entry.route === root.route))
    return undefined;
  const witness = getOf("http", nameFor(host), "/");
  const { decision } = examined.outcome(witness);
  if (decision.kind !== "redirect" || decision.route?.id !== step.route.id) return undefined;
  return findingOf(examined, root.route, {
    code: "unreachable-rule",
    level: "warning",
    message: `${pathInWords(root.route)} is never reached: app-root redirects / to ${step.target.source} before`,
    fix: "Remove the path, or app-root.",
    witness,
  });
}
