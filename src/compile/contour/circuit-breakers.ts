import { reason } from "../../model/reason.ts";
import type { Service } from "../../model/resource.ts";
import type { GuardStep } from "../../step/guard.ts";
import { CONTOUR_PREFIX } from "./ingresses/policy.ts";

/** `max-requests`, and `max-connections` with `max-pending-requests`, of a Service or of contour.yaml; 0: not said */
export interface CircuitBreakers {
  readonly connections: number;
  readonly pending: number;
  readonly requests: number;
}

export const NO_BREAKERS: CircuitBreakers = { connections: 0, pending: 0, requests: 0 };

export function breakersOf({ metadata: { annotations } }: Service, usual: CircuitBreakers): CircuitBreakers {
  const said = (name: string, otherwise: number) => {
    const written = annotations.get(CONTOUR_PREFIX + name) ?? "";
    return (/^\d{1,10}$/.test(written) ? Number(written) : 0) || otherwise;
  };
  return {
    connections: said("max-connections", usual.connections),
    pending: said("max-pending-requests", usual.pending),
    requests: said("max-requests", usual.requests),
  };
}

/** Each of Envoy's workers has one connection at least; the recorded one had two. */
const WORKERS = 2;

/** Requests of one Service port at once, each with a connection of its own or waiting for one. `undefined`: any number */
function mostAtOnce({ connections, pending, requests }: CircuitBreakers): number | undefined {
  const carried =
    connections > 0 && pending > 0 ? Math.max(connections, WORKERS) + pending : Number.POSITIVE_INFINITY;
  const most = Math.min(requests || Number.POSITIVE_INFINITY, carried);
  return Number.isFinite(most) ? most : undefined;
}

const OVERFLOW = "upstream connect error or disconnect/reset before headers. reset reason: overflow";

/** Envoy answers what is over a cluster's limits itself (source/common/router/router.cc, onUpstreamReset). */
export function breakerSteps(
  service: Service,
  port: number,
  breakers: CircuitBreakers,
): readonly GuardStep[] {
  const atOnce = mostAtOnce(breakers);
  if (atOnce === undefined) return [];
  const { namespace, name } = service.metadata;
  const cluster = `${namespace}/${name}/${port}`;
  const setting = `circuit breakers of Service ${namespace}/${name}`;
  return [
    {
      kind: "guard",
      guard: {
        ...{ kind: "limits", rates: [], counts: "everyone", status: { rate: 503, connections: 503 } },
        connections: { zone: `circuit breaker ${cluster}`, atOnce, setting },
        answer: { text: OVERFLOW, headers: [["x-envoy-overloaded", "true"]] },
        why: reason("limits", setting),
      },
    },
  ];
}
