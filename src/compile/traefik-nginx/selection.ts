import { reason } from "../../model/reason.ts";
import type { RouteEntry, Selection } from "../../model/route/selection.ts";
import { type Route, routeWith } from "../../model/route.ts";
import { rankOrder } from "../../select/rank-order.ts";
import type { Step } from "../../step/step.ts";
import { eachInSteps, type Steps } from "../../steps.ts";
import { ingressName } from "../problem.ts";
import { notFoundRoute } from "../route.ts";
import { isCatchAll, type Location } from "./location.ts";
import type { NginxRouter } from "./routers.ts";
import { PLAIN_HTTP } from "./steps/transport.ts";
import type { TlsOfNames } from "./tls/options.ts";

/** Behind every rule: the default backend of an Ingress without rules. */
const LAST = Number.MAX_SAFE_INTEGER;

/**
 * One list over all hosts, the longest rule first. Of routers with one name the last stays. Of catch-alls the first counts,
 * also where its router is missing.
 */
export function* selectionOf(
  locations: readonly Location[],
  routers: readonly NginxRouter[],
  { tls, before, steps }: TlsOfNames,
): Steps<Extract<Selection, { kind: "list" }>> {
  const behindAll = locations.find(isCatchAll);
  const catchAll = routers.find(({ location }) => location === behindAll);
  const rules = routers.filter(({ location }) => !isCatchAll(location)).filter(isFirstOfItsKind());
  const last = new Map<string, NginxRouter>();
  const times = new Map<string, number>();
  yield* eachInSteps(rules, (router) => {
    last.set(router.name, router);
    times.set(router.name, (times.get(router.name) ?? 0) + 1);
  });
  const entries: RouteEntry[] = [];
  yield* eachInSteps(rules, (router) => {
    const { name, match, route, priority } = router;
    const fate = times.get(name) === 1 ? undefined : last.get(name) === router ? "kept" : "lost";
    entries.push({ ...entryOf(match, withSteps(route, steps), -priority), fate });
  });
  if (catchAll !== undefined) entries.push(entryOf(catchAll.match, withSteps(catchAll.route, steps), LAST));
  const parts = {
    steps: [],
    action: { kind: "respond", status: 404, why: [] },
    transport: PLAIN_HTTP,
  } as const;
  const route = notFoundRoute("", parts, [
    reason("no-rule-for-path", "no rule of any host covers this request"),
  ]);
  const miss = entryOf({ path: { kind: "any" } }, route, LAST);
  const index = rankOrder(entries, { ties: "drawn", star: "none" });
  yield* index.prepare();
  return { kind: "list", host: { name: "_", before, entries, index, miss }, tls };
}

function withSteps(route: Route, before: readonly Step[]): Route {
  return before.length === 0 ? route : routeWith(route, { steps: [...before, ...route.steps] });
}

/** All paths of a host make the same router to its other name. */
function isFirstOfItsKind(): (router: NginxRouter) => boolean {
  const seen = new Set<string>();
  return ({ isOtherName, location, rule }) => {
    if (isOtherName !== true) return true;
    const key = `${ingressName(location.annotations.ingress)} ${rule}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  };
}

function entryOf(match: RouteEntry["match"], route: RouteEntry["route"], rank: number): RouteEntry {
  return { kind: "route", match, route, rank };
}
