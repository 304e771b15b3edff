import type { Choice, Decision } from "../../model/decision.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { ForwardAction, RespondAction, Share, StandIn } from "../../model/route/action.ts";
import type { Balancing } from "../../model/route/balancing.ts";
import { routeWith } from "../../model/route.ts";
import { fillVariables } from "../../request/variables.ts";
import type { Arrival } from "../arrival.ts";
import { errorHeaders } from "../error-pages.ts";
import { noPath } from "../rewrite.ts";
import { canaryVerdict } from "./canary.ts";
import { answerOfDrawn } from "./drawn.ts";
import { endpointChoice } from "./endpoint-session.ts";
import { pathUpstream } from "./path-upstream.ts";
import { cookiesNamed, sessionChoice } from "./session.ts";
import { type ChosenShare, chooseBySessions } from "./share-sessions.ts";
import { shareByWeight } from "./weight.ts";

type ByCookie = Choice & { readonly kind: "server-cookie" };

/** The decision after all steps of a route. */
export function act(at: Arrival): Decision {
  const { action } = at.route;
  return action.kind === "respond" ? respond(at, action) : forward(at, action);
}

function respond({ route }: Arrival, { status, text, why }: RespondAction): Decision {
  return { kind: "respond", status, text, route, why: why.length === 0 ? route.why : [...why, ...route.why] };
}

function forward(at: Arrival, action: ForwardAction): Decision {
  const { route, request, rewritten } = at;
  // Without a rule the chosen share alone counts, once it is chosen.
  const isDrawn = action.shares.length > 1 && action.choose === undefined;
  const early = action.choose?.first === "drawn" ? chooseShare(at, action) : undefined;
  if (early !== undefined && early.share !== action.shares[0])
    return toShare(at, action, pathUpstream(at), early);
  const empty = isDrawn ? undefined : request.noEndpoints(action.shares[0].backend, route.transport.protocol);
  const standIn = empty === undefined ? undefined : availableStandIn(at, action);
  if (empty !== undefined && standIn === undefined) return unavailable(at, empty);
  if (standIn?.kind === "respond") return respond(at, standIn);
  // nginx sends it anyway, and hardly any server accepts it.
  if (rewritten !== undefined && rewritten.escaping === undefined && !rewritten.path.startsWith("/"))
    return { kind: "respond", status: 400, route, why: [noPath(rewritten), ...route.why] };
  const upstreamPath = pathUpstream(at);
  if (standIn === undefined) return toShare(at, action, upstreamPath, early);
  const { backend, ingress, told } = standIn;
  // nginx.tmpl, `X-Code 503`.
  const requestHeaders = told === "nothing" ? undefined : errorHeaders(route, ingress, request, 503);
  return { kind: "forward", route, backend, upstreamPath, requestHeaders, why: route.why };
}

/** 503 for a route without endpoints and stand-in. */
export function withoutEndpoints(at: Arrival): Decision | undefined {
  const { action, transport } = at.route;
  if (action.kind === "respond") return undefined;
  const empty = at.request.noEndpoints(action.shares[0].backend, transport.protocol);
  return empty === undefined || availableStandIn(at, action) !== undefined
    ? undefined
    : unavailable(at, empty);
}

function unavailable({ route }: Arrival, why: string): Decision {
  return { kind: "respond", status: 503, route, why: [reason("no-endpoints", why), ...route.why] };
}

/** `default-backend` answers only while it has endpoints itself. */
function availableStandIn({ request, route }: Arrival, { standIn }: ForwardAction): StandIn | undefined {
  if (standIn?.kind !== "backend") return standIn;
  return request.noEndpoints(standIn.backend, route.transport.protocol) === undefined ? standIn : undefined;
}

function toShare(at: Arrival, action: ForwardAction, upstreamPath: string, early?: ChosenShare): Decision {
  const { share, because, given: ofShare } = early ?? chooseShare(at, action);
  const instead = answerOfDrawn(share, action, at.request, at.route.transport.protocol);
  if (instead !== undefined) return respond(at, instead);
  const { backend, transport } = share;
  const route = transport === undefined ? at.route : routeWith(at.route, { transport });
  const why = because === undefined ? route.why : [because, ...route.why];
  const { balancing } = backend;
  if (balancing === undefined && ofShare.length === 0)
    return { kind: "forward", route, backend, upstreamPath, why };
  const choice = balancing && choiceOf(balancing, at);
  return {
    kind: "forward",
    route,
    backend,
    upstreamPath,
    choice: ofShare.length === 0 ? choice : { ...byCookieOf(choice), ofShare },
    why: balancing === undefined ? why : [...why, ...balancing.why],
  };
}

function chooseShare(at: Arrival, action: ForwardAction): ChosenShare {
  const { shares } = action;
  return chooseBySessions(
    shares,
    (among) =>
      among.length === shares.length
        ? drawShare(at, action)
        : { share: shareByWeight(among, at.request.chance) },
    (name) => cookiesNamed(at.request, name),
  );
}

function drawShare(
  { request, route }: Arrival,
  action: ForwardAction,
): { readonly share: Share; readonly because?: Reason } {
  const { shares, choose, sharing } = action;
  const [main, canary] = shares;
  if (canary === undefined) return { share: main };
  const inTurn =
    sharing === "turns" && request.nextShare !== undefined ? () => request.nextShare?.(action) : undefined;
  const next = choose === undefined ? inTurn?.() : undefined;
  if (next !== undefined) return { share: next };
  if (choose === undefined) return { share: shareByWeight(shares, request.chance) };
  const verdict = canaryVerdict({ main, canary, choose, inTurn }, request, route.transport.protocol);
  const does = verdict.taken ? "takes the request" : "does not take the request";
  const text = `the canary Ingress ${canary.from?.ingress} ${does}: ${verdict.why}`;
  return { share: verdict.taken ? canary : main, because: reason("canary", text) };
}

const NEXT: ByCookie = { kind: "server-cookie", sent: [] };

function byCookieOf(choice: Choice | undefined): ByCookie {
  return choice?.kind === "server-cookie" ? choice : NEXT;
}

/** A cookie wins over a hash, and a hash over everything else (balancer.lua, get_implementation). */
function choiceOf({ affinity, hash, session, sticky, upstream }: Balancing, at: Arrival): Choice | undefined {
  if (session !== undefined) return endpointChoice(session, at);
  if (sticky !== undefined)
    return { kind: "server-cookie", cookie: sticky, sent: cookiesNamed(at.request, sticky.name) };
  if (affinity !== undefined) return sessionChoice(affinity, upstream, at);
  if (hash === undefined) return undefined;
  return { kind: "hash", key: fillVariables(hash.text, at), subsetSize: hash.subsetSize };
}
