import { append } from "../append.ts";
import type { Decision, Rejection, RequestFacts } from "../model/decision.ts";
import type { Plane } from "../model/plane.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { PathMatch, RouteEntry, Selection, VirtualHost } from "../model/route/selection.ts";
import type { Route, RouteTable } from "../model/route.ts";
import { type HopFacts, hopOf } from "../request/hop.ts";
import { hostNameOf } from "../request/host.ts";
import { bytesAsText } from "../request/utf8.ts";
import { findVirtualHost, isCovered } from "../select/host.ts";
import { coversPath } from "../select/path.ts";
import { planeFor, selectionFor } from "../select/table.ts";
import { canaryVerdict } from "../step/action/canary.ts";
import { missedInWords } from "./missed.ts";
import type { Outcome } from "./outcome.ts";

export interface Explanation {
  /** Routes of the host that the request did not take, and hosts that it nearly matched. */
  readonly rejected: readonly Rejection[];
  /** What the cluster sends where it differs, a sentence each. */
  readonly differences: readonly string[];
}

/** The passed-over routes of an outcome, with reasons. */
export function explain(
  table: RouteTable,
  { facts, decision }: Pick<Outcome, "facts" | "decision">,
): Explanation {
  const path = planeFor(table, facts).readPath(facts.target)?.path;
  const isMalformed = decision.kind === "respond" && decision.madeBy === "head";
  if (isMalformed || path === undefined) return { rejected: [], differences: [] };
  const name = hostNameOf(table, facts);
  const selection = selectionFor(table, facts);
  const host = findVirtualHost(selection, name);
  const rejected = [
    ...canaryOf(decision, facts),
    ...rejectedEntries(entriesFor(host, name), path, decision),
    ...rejectedBehind(host, name, path, decision),
    ...missedWildcards(selection, host, name),
  ];
  return { rejected, differences: differencesOf(table, facts, decision) };
}

/** The canary of a path, or its primary, whichever did not get the request. */
function canaryOf(decision: Decision, request: RequestFacts): readonly Rejection[] {
  if (decision.kind !== "forward" || decision.route.action.kind !== "forward") return [];
  const { backend, route } = decision;
  const { shares, choose } = decision.route.action;
  const [main, canary] = shares;
  if (choose === undefined || canary?.from === undefined) return [];
  const { ingress, rule } = canary.from;
  if (backend === canary.backend)
    return [rejection(route, reason("canary", `its canary, Ingress ${ingress}, takes the request`))];
  const { why } = canaryVerdict({ main, canary, choose }, request, route.transport.protocol);
  return [{ ingress, rule, why: reason("canary", `it is the canary of this path: ${why}`) }];
}

/** In a list over all hosts, only the entries for this host. */
function entriesFor({ entries }: VirtualHost, name: string): readonly RouteEntry[] {
  return entries.filter(
    ({ match: { hosts } }) => hosts?.some((host) => isCovered(name, host, "some")) !== false,
  );
}

function rejectedEntries(
  entries: readonly RouteEntry[],
  path: string,
  decision: Decision,
): readonly Rejection[] {
  const seen = new Set<Route>();
  const rejected: Rejection[] = [];
  const chosen = entries.findIndex(({ route }) => route.id === decision.route?.id);
  const drawn = new Set(decision.oneOf?.map(({ id }) => id));
  for (const [index, { match, route }] of entries.entries()) {
    if (route.rule === undefined || route.id === decision.route?.id || drawn.has(route.id) || seen.has(route))
      continue;
    seen.add(route);
    const why = mayLeadTo(match.path, path)
      ? lostTo(decision, match.path, index, chosen)
      : missed(match.path, path);
    rejected.push(rejection(route, why));
  }
  return rejected;
}

function rejection(route: Route, why: Reason): Rejection {
  const { host = "", path = "/", pathType = "Prefix" } = route.rule ?? {};
  return {
    ingress: `${route.ingress?.namespace}/${route.ingress?.name}`,
    rule: { host, path, pathType },
    why,
  };
}

/** For hosts searched after this one. */
function rejectedBehind(
  host: VirtualHost,
  name: string,
  path: string,
  decision: Decision,
): readonly Rejection[] {
  const rejected: Rejection[] = [];
  const first = reason(
    "shadowed",
    "it covers the path too, but the rules of the more specific host come first",
  );
  for (let { next } = host; next !== undefined; next = next.next)
    for (const { match, route } of entriesFor(next, name))
      if (route.rule !== undefined && route.id !== decision.route?.id)
        rejected.push(rejection(route, mayLeadTo(match.path, path) ? first : missed(match.path, path)));
  return rejected;
}

/** nginx redirects a path that lacks only a location's slash. */
function mayLeadTo(match: PathMatch, path: string): boolean {
  return coversPath(match, path) === true || (match.kind === "prefix-char" && `${path}/` === match.path);
}

function lostTo(decision: Decision, match: PathMatch, index: number, chosen: number): Reason {
  const winner = decision.route?.rule?.path ?? "/";
  if (chosen === -1) {
    const early =
      decision.kind === "redirect" ? "the redirect comes first" : "the request is answered before it";
    return reason("answered-before", early);
  }
  if (match.kind === "pattern")
    return reason("shadowed", `it matches too, but ${winner} stands before it (longest expression first)`);
  const text =
    index > chosen ? `it covers the path too, but ${winner} is longer` : `${winner} is an exact match`;
  return reason("shadowed", text);
}

function missed(match: PathMatch, path: string): Reason {
  return reason("not-covered", missedInWords(match, bytesAsText(path)));
}

/** Wildcards that a reader would expect to cover the name. */
function missedWildcards(selection: Selection, host: VirtualHost, name: string): readonly Rejection[] {
  if (selection.kind === "list" || host !== selection.hosts.any) return [];
  const missed = [...selection.hosts.oneLabel.values()].filter(({ name: wildcard }) =>
    `.${name}`.endsWith(wildcard.slice(1)),
  );
  return missed.flatMap(({ name: wildcard, entries }) =>
    entries
      .filter(({ route }) => route.rule !== undefined)
      .slice(0, 1)
      .map(({ route }) =>
        rejection(route, reason("not-covered", `${wildcard} covers exactly one label, so not ${name}`)),
      ),
  );
}

function differencesOf(table: RouteTable, request: RequestFacts, decision: Decision): readonly string[] {
  if (request.exact) return [];
  const differences: string[] = [];
  if (decision.kind === "redirect" && decision.production !== undefined)
    differences.push(`Location: ${decision.production}`);
  const { entries } = findVirtualHost(selectionFor(table, request), hostNameOf(table, request));
  const taken = entries.find(({ locally }) => locally !== undefined && locally.route === decision.route);
  if (taken?.locally !== undefined) differences.push(taken.locally.production);
  if (table.options.hsts !== undefined && request.scheme === "https")
    differences.push(`Strict-Transport-Security: ${table.options.hsts}`);
  if (decision.kind === "forward")
    append(differences, headersInProduction(planeFor(table, request), request));
  return differences;
}

/** Headers with a local port, which differ in the cluster. */
function headersInProduction(plane: Plane, request: HopFacts): readonly string[] {
  const set = (facts: HopFacts) => plane.requestHeaders(plane.readHeaders([]), hopOf(facts, ""), "");
  const here = set(request);
  return set({ ...request, exact: true }).flatMap((value, i, lines) =>
    i % 2 === 0 || value === here[i] ? [] : [`${lines[i - 1]}: ${value}`],
  );
}
