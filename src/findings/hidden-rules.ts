import type { Problem } from "../model/problem.ts";
import type { RouteEntry, VirtualHost } from "../model/route/selection.ts";
import { mainBackend, type Route } from "../model/route.ts";
import { samplesOf } from "../pcre/samples.ts";
import { findingOf, otherPathInWords, pathInWords } from "./finding.ts";
import { neededBeginning, takenBeginning } from "./path-beginnings.ts";
import { type Examined, everyHost, getOf, nameFor, openScheme, reaches, ruledEntries } from "./probe.ts";

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

/** The last entry of each route that has no other. */
function* hiddenEntries(host: VirtualHost): Iterable<Hidden> {
  const taken = new Map<string, Route>();
  const hidden = new Map<Route, Hidden>();
  const open = new Set<Route>();
  for (const entry of ruledEntries(host)) {
    const { path } = entry.match;
    if (path.kind !== "pattern") return;
    const by = takenBy(taken, neededBeginning(path.pattern.source));
    if (by === undefined || by === entry.route) open.add(entry.route);
    else hidden.set(entry.route, { entry, by });
    const beginning = takenBeginning(path.pattern.source);
    if (beginning !== undefined && !taken.has(beginning)) taken.set(beginning, entry.route);
  }
  for (const [route, found] of hidden) if (!open.has(route) && !isSame(route, found.by)) yield found;
}

function takenBy(taken: ReadonlyMap<string, Route>, beginning: string): Route | undefined {
  for (let length = 1; length <= beginning.length; length += 1) {
    const by = taken.get(beginning.slice(0, length));
    if (by !== undefined) return by;
  }
  return undefined;
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
  { outcome }: Examined,
  host: VirtualHost,
  { match, route }: RouteEntry,
  by: Route,
): Problem | undefined {
  if (match.path.kind !== "pattern") return undefined;
  const { matching } = samplesOf(match.path.pattern, "/");
  const [target] = matching.filter((path) => /^[\w/.~-]+$/.test(path));
  if (target === undefined) return undefined;
  const witness = getOf(openScheme(by), nameFor(host), target);
  if (!reaches(outcome(witness), by)) return undefined;
  return findingOf(route, {
    code: "unreachable-rule",
    level: "warning",
    message: `${pathInWords(route)} is never reached: ${otherPathInWords(by, route)} takes all of its requests, because it is tried first (the longest expression is)`,
    fix: `Write ${by.rule?.path} so that it leaves the path out, write this one longer, or give one of them a host of its own.`,
    witness,
  });
}

/** `app-root` answers `/` before an Exact `/` is looked for. */
function hiddenRoot({ outcome }: Examined, host: VirtualHost): Problem | undefined {
  const step = host.before.find(({ kind }) => kind === "app-root");
  if (step?.kind !== "app-root") return undefined;
  const roots = ruledEntries(host).filter(
    ({ match: { path } }) => path.kind === "exact" && path.path === "/",
  );
  const [root] = roots;
  if (root === undefined || host.entries.some((entry) => entry !== root && entry.route === root.route))
    return undefined;
  const witness = getOf("http", nameFor(host), "/");
  const { decision } = outcome(witness);
  if (decision.kind !== "redirect" || decision.route?.id !== step.route.id) return undefined;
  return findingOf(root.route, {
    code: "unreachable-rule",
    level: "warning",
    message: `${pathInWords(root.route)} is never reached: app-root redirects / to ${step.target.source} before`,
    fix: "Remove the path, or app-root.",
    witness,
  });
}
