import type { Decision, RequestFacts, RespondDecision } from "../../model/decision.ts";
import type { Guard } from "../../model/guard.ts";
import { reason } from "../../model/reason.ts";
import { routeWith } from "../../model/route.ts";
import { pageFor } from "../../step/error-pages.ts";
import { literalHeaders } from "../../step/headers.ts";
import { joined } from "./ask-guards.ts";
import type { Refused, Verdict } from "./verdict.ts";

/**
 * 413 for an announced length above `proxy-body-size`, once the route is known and before its redirects
 * (ngx_http_core_find_config_phase).
 */
export function tooLarge(decision: Decision, facts: RequestFacts): RespondDecision | undefined {
  const { route } = decision;
  const limit = route?.transport.bodyLimit ?? 0;
  // A step judges it in its turn.
  if (route?.steps.some(({ kind }) => kind === "body-limit") === true) return undefined;
  if (limit === 0 || facts.inner !== undefined || (facts.bodySize ?? 0) <= limit) return undefined;
  const text = `the body is larger than ${limit} bytes (proxy-body-size)`;
  return {
    kind: "respond",
    status: 413,
    route,
    why: [reason("body-limit", text), ...decision.why],
    madeBy: "arrival",
    // nginx's rewrite phase comes later, so its headers (CORS) are not set yet.
    responseHeaders: route && literalHeaders(route),
    remoteAddress: decision.remoteAddress,
  };
}

/** Adds the reason of an internal redirect (`X-Accel-Redirect`). */
export function sentInside(decision: Decision, { inner }: RequestFacts): Decision {
  return inner?.why === undefined ? decision : { ...decision, why: [...inner.why, ...decision.why] };
}

/** The guards to ask. Limits count a request only once (`limit_req_status`, ngx_http_limit_req_module.c). */
export function guardsToAsk({ guards }: Decision, { inner }: RequestFacts): readonly Guard[] | undefined {
  return inner?.counted === true ? guards?.filter(({ kind }) => kind !== "limits") : guards;
}

export function afterGuards(decision: Decision, verdict: Verdict): Decision {
  if (verdict.kind === "refused") return refusedBy(decision, verdict);
  if (verdict.kind !== "passed") return decision;
  const { requestHeaders, responseHeaders } = verdict;
  if (requestHeaders === undefined && responseHeaders === undefined) return decision;
  const dressed = { ...decision, responseHeaders: joined(decision.responseHeaders, responseHeaders) };
  if (dressed.kind !== "forward") return dressed;
  const { besides } = dressed;
  return { ...dressed, besides: { ...besides, before: joined(besides?.before, requestHeaders) } };
}

function refusedBy(decision: Decision, refused: Refused): Decision {
  const { status, text, body, location, headers, pages, why } = refused;
  const { guards, remoteAddress, oneOf } = decision;
  const responseHeaders = refused.responseHeaders ?? decision.responseHeaders;
  const route =
    pages === "none" ? decision.route && routeWith(decision.route, { steps: [] }) : decision.route;
  const rest = { status, text, body, route, oneOf, guards, responseHeaders, headers, remoteAddress };
  const reasons = [...why, ...decision.why];
  return location === undefined
    ? { kind: "respond", ...rest, why: reasons }
    : { kind: "redirect", location, ...rest, why: reasons };
}

/** 503: the backend has no endpoint (balancer.lua). */
export function withoutEndpoint(decision: Decision, text: string): RespondDecision {
  const { route, oneOf, guards, responseHeaders, remoteAddress } = decision;
  const why = [reason("no-endpoints", text), ...decision.why];
  return { kind: "respond", status: 503, route, oneOf, guards, responseHeaders, remoteAddress, why };
}

/** The replacement of an error (`custom-http-errors`); `undefined`: the error stands. */
export function pageInstead(decision: Decision, facts: RequestFacts): Decision | undefined {
  if (decision.kind === "forward" || decision.route === undefined) return undefined;
  const madeBy = decision.kind === "respond" ? decision.madeBy : undefined;
  return pageFor(decision.route, facts, decision.status, madeBy ?? "location", decision.why);
}
