import type { ClusterEvent } from "../../model/event.ts";
import type { Reflector } from "./reflector.ts";

/** The state of a cluster's connection once everything was read, and the reason. */
export type ClusterState = Pick<ClusterEvent, "state" | "message">;

/** One failure stands for all: those of the whole API server first. */
export function stateOf(reflectors: readonly Reflector[], server: string): ClusterState {
  const standings = reflectors.map((reflector) => ({
    plural: reflector.kind.plural,
    standing: reflector.standing(),
  }));
  const failing = standings.flatMap(({ plural, standing }) =>
    standing.kind === "failing" ? [{ plural, fault: standing.fault }] : [],
  );
  const refused = failing.find(({ fault }) => fault.kind === "credentials");
  if (refused !== undefined) return { state: "unauthorized", message: refused.fault.message };
  const unreached = failing.find(({ fault }) => fault.kind === "unreached");
  if (unreached !== undefined) return { state: "reconnecting", message: unreached.fault.message };
  const [first] = failing;
  if (first !== undefined)
    return { state: "reconnecting", message: `${first.plural}: ${first.fault.message}` };
  return { state: "connected", message: server };
}
