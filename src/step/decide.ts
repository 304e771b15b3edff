import type { Decision, ForwardDecision, HeaderLine, RequestFacts } from "../model/decision.ts";
import type { EveryField } from "../model/every-field.ts";
import type { Guard } from "../model/guard.ts";
import type { Route } from "../model/route.ts";
import { fillHeaders } from "../request/fill-headers.ts";
import { NO_PATH, normalisePath } from "../request/path.ts";
import { act } from "./action/forward.ts";
import { type Arrival, rewrittenArrival } from "./arrival.ts";
import { both, type Change, withNext } from "./change.ts";
import { pageFor } from "./error-pages.ts";
import { pinToHttps } from "./hsts.ts";
import { type Step, takeStep } from "./step.ts";
import { withoutLaterErrors, withUrlNow } from "./traefik/errors.ts";

/** Sees each step that has an effect, with the request as it was before. */
export type SeeStep = (step: Step, change: Change, at: Arrival) => void;

/** The decision for a request with its route: that of the first deciding step, else the action's. */
export function decide(arrival: Arrival, see?: SeeStep): Decision {
  let at = arrival;
  let change: Change | undefined;
  for (const [place, step] of arrival.route.steps.entries()) {
    if (step.kind === "errors") at = { ...at, route: withUrlNow(at, place) };
    const taken = takeStep(at, step);
    if (taken === undefined) continue;
    const next = withRefusals(seenBy(taken, at.route, place), at, change);
    see?.(step, next, at);
    change = withNext(change, next);
    if (next.decision !== undefined) return finished(next.decision, at, change);
    if (next.request !== undefined) at = { ...at, request: next.request };
    if (next.rewritten !== undefined) at = rewrittenArrival(at, next.rewritten, next.captures);
  }
  const decision = act(at);
  return finished(decision, at, withShare(decision, at, change));
}

/** Pages for errors replace those of later steps alone. */
function seenBy(change: Change, route: Route, place: number): Change {
  if (change.decision === undefined && change.guards === undefined) return change;
  const passed = withoutLaterErrors(route, place);
  if (passed === route) return change;
  const guards = change.guards?.map((guard) => ({ ...guard, pages: "none" as const }));
  return { ...change, guards, decision: change.decision && { ...change.decision, route: passed } };
}

/** Its refusals, with the headers of the steps before, where the plane's steps wrap each other. */
function withRefusals(change: Change, at: Arrival, before: Change | undefined): Change {
  if (change.guards === undefined || at.table.plane.refusalHeaders !== "earlier") return change;
  const refusalHeaders = lastOfEach(fillHeaders(before?.responseHeaders ?? [], at));
  const guards = change.guards.map((guard) => ({ ...toldBefore(guard, before), refusalHeaders }));
  return { ...change, guards };
}

/** An authentication service is told what the steps before have set. */
function toldBefore(guard: Guard, before: Change | undefined): Guard {
  if (guard.kind !== "external-auth" || before === undefined) return guard;
  const { requestHeaders = [], beside = [] } = before;
  if (requestHeaders.length + beside.length === 0 || (guard.forward?.requestHeaders.length ?? 0) > 0)
    return guard;
  const set = new Set(guard.headers.map(([name]) => name.toLowerCase()));
  const others = requestHeaders.filter(([name]) => !set.has(name.toLowerCase()));
  return { ...guard, headers: [...guard.headers, ...others, ...beside] };
}

/** The steps of the chosen share come first, so that the route's headers replace theirs. */
function withShare(decision: Decision, at: Arrival, change: Change | undefined): Change | undefined {
  const steps = decision.kind === "forward" ? stepsOfShare(decision) : undefined;
  if (steps === undefined) return change;
  let own: Change | undefined;
  for (const step of steps) {
    const next = takeStep(at, step);
    if (next !== undefined) own = withNext(own, next);
  }
  if (own === undefined || change === undefined) return own ?? change;
  const names = new Set(change.requestHeaders?.map(([name]) => name.toLowerCase()));
  const requestHeaders = own.requestHeaders?.filter(([name]) => !names.has(name.toLowerCase()));
  return withNext({ ...own, requestHeaders }, change);
}

function stepsOfShare({ route, backend }: ForwardDecision): readonly Step[] | undefined {
  if (route.action.kind !== "forward") return undefined;
  return route.action.shares.find((share) => share.backend === backend)?.steps;
}

/** A replaced error loses the steps' headers. With guards it is not yet certain. */
function finished(decision: Decision, at: Arrival, change: Change | undefined): Decision {
  if (decision.kind === "respond" && change?.guards === undefined) {
    const page = pageFor(decision.route ?? at.route, at.request, decision.status, "location", decision.why);
    if (page !== undefined) return page;
  }
  return change === undefined ? decision : dressed(decision, at, change);
}

function dressed(decision: Decision, at: Arrival, change: Change): Decision {
  const { guards, beside, backendServer, mirrors, params, responseRewrites } = change;
  const set = change.responseHeaders && lastOfEach(fillHeaders(change.responseHeaders, at));
  const responseHeaders = both(set, decision.responseHeaders);
  const more = both(responseRewrites?.beside, responseRewrites?.listed);
  if (decision.kind !== "forward" && set === undefined && more === undefined && guards === undefined)
    return decision;
  if (decision.kind !== "forward")
    return { ...decision, responseHeaders: both(responseHeaders, more), guards };
  const { kind, route, backend, choice, upstreamPath, method, why, oneOf, remoteAddress } = decision;
  const { errorPage, status, anew } = decision;
  const dressed: EveryField<ForwardDecision> = {
    kind,
    route,
    backend,
    choice: change.choice ?? choice,
    upstreamPath,
    method,
    why,
    oneOf,
    remoteAddress,
    errorPage,
    status,
    anew,
    responseHeaders,
    guards,
    requestHeaders: both(change.requestHeaders, decision.requestHeaders),
    besides: beside && { behind: beside },
    backendServer,
    mirrors,
    params,
    responseRewrites,
  };
  return dressed;
}

/** Headers of all responses at a route, including those outside of its location. */
export function responseHeadersOf(
  facts: Pick<Arrival, "request" | "path" | "route">,
): readonly HeaderLine[] | undefined {
  let lines: Change["responseHeaders"];
  for (const step of facts.route.steps) {
    if (step.kind === "headers") lines = both(lines, step.response);
    if (step.kind === "hsts") lines = both(lines, pinToHttps(facts, step)?.responseHeaders);
  }
  return lines && lastOfEach(fillHeaders(lines, facts));
}

/** An answer outside of any route, with this route's error pages and response headers. */
export function finishedBy(route: Route, decision: Decision, request: RequestFacts): Decision {
  const page =
    decision.kind === "respond" && decision.cause === undefined
      ? pageFor(route, request, decision.status, "location", decision.why)
      : undefined;
  if (page !== undefined) return page;
  const path = normalisePath(request.target) ?? NO_PATH;
  const responseHeaders = both(decision.responseHeaders, responseHeadersOf({ request, path, route }));
  return responseHeaders === undefined ? decision : { ...decision, responseHeaders };
}

/** The last line of a name counts (ngx_http_headers_more_headers_out.c). */
function lastOfEach(lines: readonly HeaderLine[]): readonly HeaderLine[] {
  if (lines.length < 2) return lines;
  const last = new Map(lines.map((line) => [line[0].toLowerCase(), line]));
  return last.size === lines.length
    ? lines
    : lines.filter((line) => last.get(line[0].toLowerCase()) === line);
}
