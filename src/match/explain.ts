import type { Decision, Rejection, RequestFacts } from "../model/decision.ts";
import type { Pattern } from "../model/pattern.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { Host, Location, Route, RouteTable } from "../model/route.ts";
import { serverName } from "../request/host.ts";
import { normalisePath, pathBytes } from "../request/path.ts";
import { canaryVerdict } from "./effects/canary.ts";
import { findHost } from "./host.ts";
import { match } from "./match.ts";

/** A decision with what stood beside it. */
export interface Explanation {
  readonly decision: Decision;
  /** The routes of the host that the request did not take, and the hosts it just missed. */
  readonly rejected: readonly Rejection[];
  /** What the cluster would send where that differs, in sentences; absent where nothing does. */
  readonly production?: string | undefined;
}

/** The decision of `match`, with the routes it did not take and why not. */
export function explain(table: RouteTable, request: RequestFacts): Explanation {
  const decision = match(table, request);
  const path = normalisePath(request.target)?.path;
  const name = serverName(request);
  const host = findHost(table, name);
  const rejected =
    path === undefined
      ? []
      : [
          ...canaryOf(decision, request),
          ...rejectedLocations(host, path, decision),
          ...missedWildcards(table, host, name),
        ];
  return { decision, rejected, production: productionOf(table, request, decision) };
}

/** Of a path and its canary the one that is not asked. */
function canaryOf(decision: Decision, request: RequestFacts): readonly Rejection[] {
  const alternative = decision.route?.backend?.balancing?.alternative;
  if (decision.kind !== "forward" || alternative === undefined) return [];
  const { backend, route } = decision;
  const { ingress, rule } = alternative;
  if (backend === alternative.backend)
    return [rejection(route, reason("canary", `its canary, Ingress ${ingress}, takes the request`))];
  if (route.backend === undefined) return [];
  const { why } = canaryVerdict(route.backend, alternative, request, route.transport.protocol);
  return [{ ingress, rule, why: reason("canary", `it is the canary of this path: ${why}`) }];
}

function rejectedLocations(host: Host, path: string, decision: Decision): readonly Rejection[] {
  const seen = new Set<Route>();
  const rejected: Rejection[] = [];
  const chosen = host.locations.findIndex(({ route }) => route.id === decision.route?.id);
  for (const [index, location] of host.locations.entries()) {
    const { route } = location;
    if (route.rule === undefined || route.id === decision.route?.id || seen.has(route)) continue;
    seen.add(route);
    const why = covers(location, path) ? lostTo(decision, location, index, chosen) : missed(location, path);
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

function covers(location: Location, path: string): boolean {
  if (location.kind === "regex") return isFound(location.pattern.exec(path));
  const own = pathBytes(location.path);
  if (location.kind === "exact") return own === path;
  return path.startsWith(own) || `${path}/` === own;
}

function isFound(found: ReturnType<Pattern["exec"]>): boolean {
  return found !== null && found !== "too-complex";
}

function lostTo(decision: Decision, location: Location, index: number, chosen: number): Reason {
  const winner = decision.route?.rule?.path ?? "/";
  if (chosen === -1) {
    const early =
      decision.kind === "redirect" ? "the redirect comes first" : "the request is answered before it";
    return reason("answered-before", early);
  }
  if (location.kind === "regex")
    return reason("shadowed", `it matches too, but ${winner} stands before it (longest expression first)`);
  const text =
    index > chosen ? `it covers the path too, but ${winner} is longer` : `${winner} is an exact match`;
  return reason("shadowed", text);
}

function missed(location: Location, bytes: string): Reason {
  return reason("not-covered", missedInWords(location, bytes));
}

function missedInWords(location: Location, bytes: string): string {
  const path = Buffer.from(bytes, "latin1").toString("utf8");
  if (location.kind === "regex") return `^${location.pattern.source} does not match ${path}`;
  if (location.kind === "exact") return `${path} is not exactly ${location.path}`;
  const bare = location.path.slice(0, -1);
  if (path.startsWith(bare)) return `a Prefix covers whole path elements: ${bare} does not cover ${path}`;
  if (path.toLowerCase().startsWith(location.path.toLowerCase()))
    return "paths are compared with regard to case";
  return `${bare || "/"} does not cover ${path}`;
}

/** Wildcards that a reader would expect to cover the name. */
function missedWildcards(table: RouteTable, host: Host, name: string): readonly Rejection[] {
  if (host !== table.defaultHost) return [];
  const missed = [...table.wildcardHosts.values()].filter(({ name: wildcard }) =>
    `.${name}`.endsWith(wildcard.slice(1)),
  );
  return missed.flatMap(({ name: wildcard, locations }) =>
    locations
      .filter(({ route }) => route.rule !== undefined)
      .slice(0, 1)
      .map(({ route }) =>
        rejection(route, reason("not-covered", `${wildcard} covers exactly one label, so not ${name}`)),
      ),
  );
}

function productionOf(table: RouteTable, request: RequestFacts, decision: Decision): string | undefined {
  if (request.exact) return undefined;
  const differences: string[] = [];
  if (decision.kind === "redirect" && decision.production !== undefined)
    differences.push(`Location: ${decision.production}`);
  if (decision.route !== undefined && decision.route === table.strayDefault)
    differences.push(
      "404: ingress-nginx keeps the default backend of an Ingress with rules to the hosts of that Ingress",
    );
  if (table.options.hsts !== undefined && request.scheme === "https")
    differences.push(`Strict-Transport-Security: ${table.options.hsts}`);
  if (decision.kind === "forward") {
    const standard = request.scheme === "https" ? 443 : 80;
    if (request.ports[request.scheme] !== standard) differences.push(`X-Forwarded-Port: ${standard}`);
  }
  return differences.length === 0 ? undefined : differences.join("; ");
}
