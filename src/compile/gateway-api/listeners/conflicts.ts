import { groupBy } from "../../../service/group-by.ts";
import { ingressName } from "../../problem.ts";
import type { GatewayListener } from "../listeners.ts";

/** Protocols of one family share a port; UDP has ports of its own. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ["HTTP", "http"],
  ["HTTPS", "tls"],
  ["TLS", "tls"],
  ["TCP", "tcp"],
  ["UDP", "udp"],
]);

/** Why a listener is not served beside the others of its port. */
export interface ListenerConflict {
  readonly reason: "ProtocolConflict" | "HostnameConflict";
  readonly message: string;
  /** Of two TCP or UDP listeners no other condition tells. */
  readonly isToldOnce?: true | undefined;
}

type Conflicts = Map<GatewayListener, ListenerConflict>;

/**
 * Listeners of one port that cannot be served together: first those of two families, then those of one hostname. What the
 * Gateway itself says goes before its ListenerSets; where it contradicts itself nobody is served (validate.go).
 */
export function withoutConflicts(listeners: readonly GatewayListener[]): readonly GatewayListener[] {
  const conflicts: Conflicts = new Map();
  const ports = groupBy(
    listeners.filter(({ served }) => served),
    ({ port, protocol }) => [`${port} ${protocol === "UDP" ? "udp" : ""}`],
  );
  for (const group of ports.values()) {
    if (group.length < 2) continue;
    ofFamilies(group, conflicts);
    const left = groupBy(
      group.filter((each) => !conflicts.has(each)),
      ({ protocol, hostname }) => [isByName(protocol) ? (hostname ?? "") : protocol],
    );
    for (const same of left.values()) ofNames(same, conflicts);
  }
  return listeners.map((listener) => {
    const conflict = conflicts.get(listener);
    return conflict === undefined ? listener : { ...listener, served: false, conflict };
  });
}

function ofFamilies(group: readonly GatewayListener[], conflicts: Conflicts): void {
  if (familiesOf(group).size < 2) return;
  const conflict: ListenerConflict = {
    reason: "ProtocolConflict",
    message: `All listeners for a given port must use a compatible protocol, conflicting listeners: ${namesOf(group)}`,
  };
  const own = group.filter(isOfGateway);
  let winner = familyOf(own[0]);
  const isUndecided = familiesOf(own).size > 1;
  for (const listener of group) {
    const besides = group.filter(({ owner }) => owner === listener.owner);
    if (isUndecided || (own.length === 0 && familiesOf(besides).size > 1)) {
      conflicts.set(listener, conflict);
      continue;
    }
    winner ??= familyOf(listener);
    if (familyOf(listener) !== winner) conflicts.set(listener, conflict);
  }
}

/** Listeners of one hostname; TCP and UDP have none. */
function ofNames(same: readonly GatewayListener[], conflicts: Conflicts): void {
  const [first] = same;
  if (first === undefined || same.length < 2) return;
  const isNamed = isByName(first.protocol);
  const winner = isNamed ? winnerOf(same) : first;
  const conflict: ListenerConflict = isNamed
    ? {
        reason: "HostnameConflict",
        message: `All listeners for a given port must use a unique hostname, conflicting listeners: ${namesOf(same)}`,
      }
    : {
        reason: "ProtocolConflict",
        message: `Only one ${first.protocol} listener is allowed in a given port`,
        isToldOnce: true,
      };
  for (const listener of same) if (listener !== winner) conflicts.set(listener, conflict);
}

/** `undefined`: the Gateway, or a ListenerSet, has two of them. */
function winnerOf(same: readonly GatewayListener[]): GatewayListener | undefined {
  const own = same.filter(isOfGateway);
  if (own.length > 0) return own.length === 1 ? own[0] : undefined;
  return new Set(same.map(({ owner }) => owner)).size < same.length ? undefined : same[0];
}

function isByName(protocol: string): boolean {
  return protocol !== "TCP" && protocol !== "UDP";
}

function isOfGateway({ owner, gateway }: GatewayListener): boolean {
  return owner === gateway;
}

function familiesOf(group: readonly GatewayListener[]): ReadonlySet<string | undefined> {
  return new Set(group.map(familyOf));
}

function familyOf(listener: GatewayListener | undefined): string | undefined {
  return listener && FAMILIES.get(listener.protocol);
}

function namesOf(group: readonly GatewayListener[]): string {
  return group.map(({ owner, name }) => `${ingressName(owner)}/${name}`).join(", ");
}
