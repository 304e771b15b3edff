import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { HitEvent } from "../../model/event.ts";
import { type Backend, mainBackend, ownMatchOf, type Route } from "../../model/route.ts";
import { oncePer } from "../../once-per.ts";
import type { HitRecord } from "./hit-record.ts";
import type { Recording } from "./recording.ts";

type RouteFacts = Pick<HitEvent, "ingress" | "rule" | "match" | "backend" | "route" | "logged">;

/** Receives a request's end with its outcome; `undefined`: a connection that is not HTTP, or no recording. */
export type OnHit = (
  hit: HitEvent,
  facts: RequestFacts | undefined,
  decision: Decision | undefined,
  recording: Recording | undefined,
) => void;

/** Reports a request's end, exactly once. Never throws. */
export type TellHit = (hit: HitRecord, now: number) => void;

/** A route's part of a hit is built once per route and backend. A subscriber's exception is its own problem. */
export function hitTeller(onHit: OnHit): TellHit {
  const ofRoutes = oncePer(routeFacts);
  const ofBackends = oncePer(backendFacts);
  const factsOf = (decision: Decision | undefined): RouteFacts | undefined => {
    const route = decision?.route;
    if (route === undefined) return undefined;
    const facts = ofRoutes(route);
    return decision?.kind === "forward" && decision.backend !== mainBackend(route)
      ? { ...facts, backend: ofBackends(decision.backend) }
      : facts;
  };
  return (hit, now) => {
    if (!hit.takeTelling()) return;
    try {
      onHit(hitOf(hit, factsOf(hit.decision), now), hit.facts, hit.decision, hit.recording);
    } catch {
      // The request is answered, and nobody is left to hear of it.
    }
  };
}

function hitOf(hit: HitRecord, route: RouteFacts | undefined, now: number): HitEvent {
  const { decision } = hit;
  return {
    type: "hit",
    time: hit.time,
    id: hit.id,
    method: hit.method,
    scheme: hit.scheme,
    host: hit.host,
    path: hit.target,
    status: hit.status,
    durationMs: Math.round((now - hit.startedAt) * 100) / 100,
    bytes: hit.bytes,
    decision: decision?.kind ?? "respond",
    ingress: route?.ingress,
    rule: route?.rule,
    backend: route?.backend,
    upstream: hit.upstream,
    upstreamPath: decision?.kind === "forward" ? decision.upstreamPath : undefined,
    location: decision?.kind === "redirect" ? decision.location : undefined,
    why: hit.why ?? decision?.why ?? [],
    error: hit.error,
    logged: route?.logged,
    route: route?.route,
    match: route?.match,
  };
}

function routeFacts(route: Route): RouteFacts {
  const { ingress, rule, transport } = route;
  const backend = mainBackend(route);
  return {
    logged: transport.accessLog === "off" ? false : undefined,
    route: route.id,
    ingress: ingress && `${ingress.namespace}/${ingress.name}`,
    rule: rule && { host: rule.host, path: rule.path, pathType: rule.pathType },
    match: ownMatchOf(route),
    backend: backend && backendFacts(backend),
  };
}

function backendFacts({ namespace, service, port }: Backend): NonNullable<HitEvent["backend"]> {
  return { namespace, service, port: "number" in port ? port.number : port.name };
}
