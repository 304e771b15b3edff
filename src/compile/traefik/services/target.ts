import type { Action, ForwardAction, RespondAction, Share } from "../../../model/route/action.ts";
import type { ServerCookie } from "../../../model/route/server-cookie.ts";
import type { Transport } from "../../../model/route/transport.ts";
import type { Backend } from "../../../model/route.ts";
import type { Step } from "../../../step/step.ts";
import { cookieKey } from "../../shared/server-cookie.ts";

/** A Service port that requests may go to, with what happens on the way there alone. */
interface Leaf {
  readonly backend: Backend;
  readonly weight: number;
  readonly transport: Transport;
  readonly steps: readonly Step[];
  /** Of the sticky services around it, from the outermost on. */
  readonly sessions?: Share["sessions"];
  readonly fallback?: Share["fallback"];
}

/** The end of a router's way: its action, and the steps and transport of its service. */
export type RouterTarget =
  | { readonly kind: "leaves"; readonly leaves: readonly [Leaf, ...Leaf[]] }
  | { readonly kind: "answer"; readonly action: RespondAction; readonly steps: readonly Step[] };

/** No timeouts but the connection's (`forwardingTimeouts`). An hour is long. */
export const TRANSPORT: Transport = {
  protocol: "HTTP",
  bodyLimit: 0,
  connectTimeoutMs: 30_000,
  readTimeoutMs: 3_600_000,
  sendTimeoutMs: 3_600_000,
};

export const NO_SERVER: RouterTarget = {
  kind: "answer",
  action: { kind: "respond", status: 503, why: [] },
  steps: [],
};

/** Services by weight; one without positive weight is never asked. */
export function weighted(
  parts: readonly { readonly name: string; readonly target: RouterTarget; readonly weight: number }[],
  sticky?: ServerCookie,
): RouterTarget {
  const used = parts.filter(({ weight }) => weight > 0);
  const [only] = used;
  if (only === undefined) return NO_SERVER;
  if (used.length === 1 && sticky === undefined) return only.target;
  const leaves = used.flatMap(({ name, target, weight }) => {
    if (target.kind === "answer") return [];
    const sum = target.leaves.reduce((total, leaf) => total + leaf.weight, 0);
    const own = sticky === undefined ? [] : [{ cookie: sticky, key: cookieKey(name) }];
    return target.leaves.map((leaf) => ({
      ...leaf,
      sessions: [...own, ...(leaf.sessions ?? [])],
      weight: (weight * leaf.weight) / sum,
    }));
  });
  const [first, ...others] = leaves;
  return first === undefined ? only.target : { kind: "leaves", leaves: [first, ...others] };
}

/** Who answers for a Service without endpoints: 503 is a status like others. */
function standInOf({ fallback }: Leaf): ForwardAction["standIn"] {
  if (fallback?.statuses.some(({ from, to }) => from <= 503 && to >= 503) !== true) return undefined;
  return { kind: "backend", backend: fallback.backend, told: "nothing" };
}

/** The end of a route, with the steps and the transport of its way. */
export function endOf(target: RouterTarget): {
  readonly action: Action;
  readonly transport: Transport;
  readonly steps: readonly Step[];
} {
  if (target.kind === "answer") return { action: target.action, transport: TRANSPORT, steps: target.steps };
  const [first, ...others] = target.leaves;
  const shareOf = ({ backend, weight, steps, transport, sessions, fallback }: Leaf): Share => ({
    backend,
    weight,
    sessions,
    fallback,
    ...(others.length === 0 ? {} : { steps, transport }),
  });
  return {
    action: {
      kind: "forward",
      shares: [shareOf(first), ...others.map(shareOf)],
      sharing: others.length === 0 ? undefined : "turns",
      standIn: others.length === 0 ? standInOf(first) : undefined,
    },
    transport: first.transport,
    steps: others.length === 0 ? first.steps : [],
  };
}
