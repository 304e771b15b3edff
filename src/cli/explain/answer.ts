import { foreseen, signinOf } from "../../match/access.ts";
import { errorPage, type MadeBy } from "../../match/error-page.ts";
import { explain } from "../../match/explain.ts";
import type { Decision, HeaderLine, Rejection, RequestFacts } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { RouteTable } from "../../model/route.ts";
import type { Resolver } from "../../upstream/resolve.ts";

/** One request, worked out to the end: the decision, and what becomes of it at the backend. */
export interface Answer {
  readonly facts: RequestFacts;
  readonly decision: Decision;
  /** What serves it now, by name; only of a forward. */
  readonly upstream?: string | undefined;
  /** What the choice of the upstream adds to the response: the cookie of a session. */
  readonly addedHeaders?: readonly HeaderLine[] | undefined;
  readonly rejected: readonly Rejection[];
  /** What the cluster would send, where that differs. */
  readonly production?: string | undefined;
}

/**
 * A body over `proxy-body-size` is refused with 413 as the proxy does: once the route is known, before its redirects
 * (nginx, ngx_http_core_find_config_phase).
 */
function tooLarge(decision: Decision, bodySize: number): Decision | undefined {
  const limit = decision.route?.transport.bodyLimit ?? 0;
  if (limit === 0 || bodySize <= limit) return undefined;
  const why = `the body has ${bodySize} bytes, and proxy-body-size allows ${limit}`;
  return {
    kind: "respond",
    status: 413,
    route: decision.route,
    why: [reason("body-limit", why), ...decision.why],
  };
}

/** A Service without endpoints is answered with 503, as the proxy does. */
function unavailable(decision: Decision & { readonly kind: "forward" }, why: string): Decision {
  return {
    kind: "respond",
    status: 503,
    route: decision.route,
    why: [reason("no-endpoints", why), ...decision.why],
  };
}

/** What the location's guards are sure to say no to, and with what. */
function refusedByGuard(decision: Decision, facts: RequestFacts): Decision | undefined {
  const refusal = foreseen(decision.guards ?? [], facts);
  if (refusal === undefined) return undefined;
  const { route, guards, responseHeaders } = decision;
  const why = [...refusal.why, ...decision.why];
  const rest = { route, guards, responseHeaders, why };
  const location = refusal.status === 401 ? signinOf(guards ?? []) : undefined;
  return location === undefined
    ? { kind: "respond", status: refusal.status, ...rest }
    : { kind: "redirect", status: 302, location, ...rest };
}

/** With what stands in for an error at its location, where something does. */
function orPage(decision: Decision, facts: RequestFacts, madeBy: MadeBy): Decision {
  if (decision.kind !== "respond" || decision.route === undefined) return decision;
  return errorPage(decision.route, facts, decision.status, madeBy, decision.why) ?? decision;
}

/** What the proxy would answer to a request with a body of so many bytes, without opening anything. */
export function answer(table: RouteTable, resolver: Resolver, facts: RequestFacts, bodySize: number): Answer {
  const { decision: first, rejected, production } = explain(table, facts);
  const early = tooLarge(first, bodySize);
  const refused = early ?? refusedByGuard(first, facts);
  const decision = orPage(refused ?? first, facts, early === undefined ? "location" : "arrival");
  if (decision.kind !== "forward")
    return { facts, decision, rejected, ...(refused === undefined ? { production } : {}) };
  const resolution = resolver.resolve(decision.backend, decision.route.transport.protocol, {
    choice: decision.choice,
  });
  if (resolution.kind === "none") {
    const empty = orPage(unavailable(decision, resolution.why), facts, "location");
    return { facts, decision: empty, rejected, production };
  }
  const { upstream, addedHeaders } = resolution;
  return { facts, decision, upstream: upstream.name, addedHeaders, rejected, production };
}
