import type { RequestFacts, Scheme } from "../model/decision.ts";
import type { Route, RouteRule, RouteTable } from "../model/route.ts";
import { hostNameOf } from "../request/host.ts";
import { escapeUri } from "../request/path.ts";
import { bytesAsText, textAsBytes } from "../request/utf8.ts";
import { entryPointOf, planeFor } from "../select/table.ts";
import { hostFix } from "./near/host-fixes.ts";
import { pathFixes } from "./near/path-fixes.ts";
import type { Outcome } from "./outcome.ts";

/** A rule that nearly matches a request. */
export interface NearMiss {
  readonly route: Route;
  readonly rule: RouteRule;
  /** What differs. */
  readonly why: string;
  /** A request like the one that was asked, and that the rule gets. */
  readonly request: NearRequest;
}

/** Without port; the target is encoded, one char per byte. */
export interface NearRequest {
  readonly scheme: Scheme;
  readonly host: string;
  readonly target: string;
}

/** The most near misses that are told, and rules of other hosts among them. */
const MOST = 8;
const MOST_ELSEWHERE = 3;
/** Requests that are tried; each takes some 10 µs. */
const MOST_TRIED = 2_000;

interface Candidate extends NearMiss {
  readonly cost: number;
}

/**
 * Rules that nearly match a request which no rule gets, or only a catch-all; nearest first. `reached`: the route of a
 * request, by which each candidate is proved.
 */
export function nearMisses(
  table: RouteTable,
  outcome: Pick<Outcome, "facts" | "decision">,
  reached: (request: NearRequest) => Route | undefined,
): readonly NearMiss[] {
  if (!isMissed(outcome)) return [];
  const { facts, decision } = outcome;
  const path = planeFor(table, facts).readPath(facts.target);
  if (path === undefined) return [];
  const asked: Asked = {
    facts,
    host: hostNameOf(table, facts),
    path: bytesAsText(path.path),
    query: path.query === "" ? "" : `?${path.query}`,
    knowsHost: (decision.route?.rule?.host ?? "") !== "",
  };
  const found: Candidate[] = byOtherScheme(table, asked, reached);
  const told = new Set<string>();
  let [tried, elsewhere] = [0, 0];
  for (const candidate of candidatesIn(table, asked)) {
    if (found.length >= MOST || tried >= MOST_TRIED) break;
    const isElsewhere = candidate.cost >= ELSEWHERE;
    if (told.has(candidate.route.id) || (isElsewhere && elsewhere >= MOST_ELSEWHERE)) continue;
    tried += 1;
    if (reached(candidate.request)?.id !== candidate.route.id) continue;
    told.add(candidate.route.id);
    if (isElsewhere) elsewhere += 1;
    found.push(candidate);
  }
  return found.map(({ cost: _, ...miss }) => miss);
}

/** Where the other port of the controller has routes of its own. */
function byOtherScheme(
  table: RouteTable,
  { facts, host, path, query }: Asked,
  reached: (request: NearRequest) => Route | undefined,
): Candidate[] {
  const scheme = facts.scheme === "http" ? "https" : "http";
  if (entryPointOf(table, scheme).selection === entryPointOf(table, facts.scheme).selection) return [];
  const request = { scheme, host, target: escapeUri(textAsBytes(path)) + query } as const;
  const route = reached(request);
  const rule = route?.rule;
  if (route === undefined || rule === undefined || isCatchAll(rule)) return [];
  return [{ route, rule, why: `only ${scheme} is routed so`, request, cost: 0 }];
}

/** True for a 404 or a default backend, and for the path that covers everything. */
export function isMissed({ decision }: Pick<Outcome, "decision">): boolean {
  const { kind, route } = decision;
  if (route?.rule !== undefined) return isCatchAll(route.rule);
  if (kind === "respond") return decision.status === 404 && decision.madeBy !== "head";
  return route !== undefined && kind === "forward";
}

/** `/`, and what people write for it in expressions. */
function isCatchAll({ path }: RouteRule): boolean {
  return /^\/(?:\*|\.\*|\(\.\*\)|\?\(\.\*\))?$/.test(path);
}

interface Asked {
  readonly facts: RequestFacts;
  readonly host: string;
  /** As text. */
  readonly path: string;
  /** With its mark. */
  readonly query: string;
  /** A rule of the host gets the request: then other hosts are no help. */
  readonly knowsHost: boolean;
}

const ELSEWHERE = 20;

/** Nearest first. Whether a rule gets its request is not yet known. */
function candidatesIn({ routes }: RouteTable, asked: Asked): readonly Candidate[] {
  const found = routes.flatMap((route) => {
    const { rule } = route;
    return rule === undefined ? [] : candidatesFor({ route, rule }, asked);
  });
  return found.sort((a, b) => a.cost - b.cost);
}

function candidatesFor(
  { route, rule }: { readonly route: Route; readonly rule: RouteRule },
  { facts, host, path, query, knowsHost }: Asked,
): readonly Candidate[] {
  const own = rule.host.toLowerCase();
  const isHere = own === host || own === "" || (own.startsWith("*.") && isOneLabelBelow(host, own));
  const there = isHere
    ? { host, why: undefined, cost: 0 }
    : knowsHost
      ? undefined
      : elsewhere(own, host, rule);
  if (there === undefined) return [];
  const same = isHere ? [] : [{ path, why: undefined, cost: 0 }];
  const fixes = there.cost >= ELSEWHERE ? same : [...same, ...pathFixes(rule, path)];
  return fixes.map((fix) => ({
    ...{ route, rule },
    why: [there.why, fix.why].filter((why) => why !== undefined).join("; "),
    request: { scheme: facts.scheme, host: there.host, target: escapeUri(textAsBytes(fix.path)) + query },
    cost: there.cost + fix.cost,
  }));
}

/** A near name, else any host of which the path is more than `/`. */
function elsewhere(own: string, asked: string, rule: RouteRule) {
  const near = hostFix(own, asked);
  if (near !== undefined || isCatchAll(rule)) return near;
  const host = own.startsWith("*.") ? `www${own.slice(1)}` : own;
  return { host, why: `the path is one of host ${own}`, cost: ELSEWHERE };
}

function isOneLabelBelow(host: string, wildcard: string): boolean {
  const dot = host.indexOf(".");
  return dot > 0 && host.slice(dot) === wildcard.slice(1);
}
