import type { Decision } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import { escapeUri } from "../../request/path.ts";
import { LOOKED_FOR_PAGE } from "../error-page.ts";
import { type Arrival, backendFor } from "./arrival.ts";

/** A route that leads to no Service: the controller's own default backend answers 404. */
export function noBackend(arrival: Arrival): Decision | undefined {
  return backendFor(arrival) === undefined ? ownDefault(arrival) : undefined;
}

/** nginx's answer in the place of a default backend (nginx.tmpl, "backend for when default-backend-service …"). */
function ownDefault({ route }: Arrival): Decision {
  const status = route.settings.errors?.own.status ?? 404;
  const why = status === 500 ? [...LOOKED_FOR_PAGE, ...route.why] : route.why;
  return { kind: "respond", status, route, why };
}

/** A Service without endpoints: balancer.lua answers, in nginx's rewrite phase. */
export function withoutEndpoints(arrival: Arrival): Decision | undefined {
  const { route, request } = arrival;
  const backend = backendFor(arrival);
  const why = backend && request.noEndpoints(backend, route.transport.protocol);
  return why === undefined
    ? undefined
    : { kind: "respond", status: 503, route, why: [reason("no-endpoints", why), ...route.why] };
}

/** Without a rewrite the backend is asked for the raw target, or the escaped inner one (proxy_pass without a URI). */
export function forwarded(arrival: Arrival): Decision | undefined {
  const { route, request } = arrival;
  const backend = backendFor(arrival);
  const { inner, target } = request;
  const upstreamPath = inner === undefined ? target : uriOf(inner);
  return backend && { kind: "forward", route, backend, upstreamPath, why: route.why };
}

function uriOf({ path, query }: NonNullable<Arrival["request"]["inner"]>): string {
  return escapeUri(path) + (query === "" ? "" : `?${query}`);
}
