import type { Decision } from "../../model/decision.ts";
import { type Arrival, backendFor } from "./arrival.ts";

/** A route that leads to no Service: the controller's own default backend answers 404. */
export function noBackend(arrival: Arrival): Decision | undefined {
  const { route } = arrival;
  return backendFor(arrival) === undefined
    ? { kind: "respond", status: 404, route, why: route.why }
    : undefined;
}

/** A Service without endpoints: balancer.lua answers, in nginx's rewrite phase. */
export function withoutEndpoints(arrival: Arrival): Decision | undefined {
  const { route, request } = arrival;
  const backend = backendFor(arrival);
  const why = backend && request.noEndpoints(backend, route.settings);
  return why === undefined ? undefined : { kind: "respond", status: 503, route, why: [why, ...route.why] };
}

/** Without a rewrite the backend is asked for the raw target (proxy_pass without a URI). */
export function forwarded(arrival: Arrival): Decision | undefined {
  const { route, request } = arrival;
  const backend = backendFor(arrival);
  return backend && { kind: "forward", route, backend, upstreamPath: request.target, why: route.why };
}
