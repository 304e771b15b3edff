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
  /** Of its port, itself included. */
  readonly among: readonly GatewayListener[];
  /** "all": no listener of the port is served. "this": an earlier one keeps the place. */
  readonly lost: "all" | "this";
}

/**
 * Two families on a port: among the Gateway's own listeners all are refused; else the family of its own, or of the first
 * ListenerSet, stays. Of one family's equal listeners the first is served.
 */
export function withoutConflicts(listeners: readonly GatewayListener[]): readonly GatewayListener[] {
  const conflicts = new Map<GatewayListener, ListenerConflict>();
  const ports = new Map<string, GatewayListener[]>();
  for (const listener of listeners) {
    if (!listener.served) continue;
    const key = `${listener.port} ${listener.protocol === "UDP" ? "udp" : ""}`;
    const group = ports.get(key);
    if (group === undefined) ports.set(key, [listener]);
    else group.push(listener);
  }
  for (const group of ports.values())
    for (const [listener, conflict] of among(group)) conflicts.set(listener, conflict);
  return listeners.map((listener) => {
    const conflict = conflicts.get(listener);
    return conflict === undefined ? listener : { ...listener, served: false, conflict };
  });
}

function among(group: readonly GatewayListener[]): ReadonlyMap<GatewayListener, ListenerConflict> {
  const lost = new Map<GatewayListener, ListenerConflict>();
  const own = group.filter(({ owner, gateway }) => owner === gateway);
  const families = new Set(own.map(familyOf));
  if (families.size > 1) {
    for (const each of group) lost.set(each, { reason: "ProtocolConflict", among: group, lost: "all" });
    return lost;
  }
  const family = familyOf(own[0] ?? group[0]);
  const names = new Set<string>();
  for (const listener of group) {
    const name = family === "http" || family === "tls" ? (listener.hostname ?? "") : "";
    if (familyOf(listener) !== family)
      lost.set(listener, { reason: "ProtocolConflict", among: group, lost: "this" });
    else if (names.has(name)) lost.set(listener, { reason: "HostnameConflict", among: group, lost: "this" });
    else names.add(name);
  }
  return lost;
}

function familyOf(listener: GatewayListener | undefined): string | undefined {
  return listener && FAMILIES.get(listener.protocol);
}
