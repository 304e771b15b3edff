import type { ClusterEvent } from "../../model/event.ts";
import type { Reflector } from "./reflector.ts";

/** How it stands between the reflectors of a cluster and its API server, once everything was read, and why. */
export type ClusterState = Pick<ClusterEvent, "state" | "message">;

/** One failure stands for all: those that are about the whole API server first. */
export function stateOf(reflectors: readonly Reflector[], server: string): ClusterState {
  const standings = reflectors.map((one) => ({ kind: one.kind.plural, standing: one.standing() }));
  const failing = standings.flatMap(({ kind, standing }) =>
    standing.is === "failing" ? [{ kind, fault: standing.fault }] : [],
  );
  const refused = failing.find(({ fault }) => fault.kind === "credentials");
  if (refused !== undefined) return { state: "unauthorized", message: refused.fault.message };
  const unreached = failing.find(({ fault }) => fault.kind === "unreached");
  if (unreached !== undefined) return { state: "reconnecting", message: unreached.fault.message };
  const [other] = failing;
  if (other !== undefined) {
    return { state: "reconnecting", message: `${other.kind}: ${other.fault.message}` };
  }
  return { state: "connected", message: server };
}
