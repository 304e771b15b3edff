import {
  type Json,
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../model/json.ts";
import type { CustomResource } from "../../model/resource.ts";
import { certificatesOf, type ListenerCertificates } from "./certificates.ts";
import type { GatewayObjects } from "./objects.ts";
import { isSelected } from "./selected.ts";

/** A port of a Gateway, written in it or in one of its ListenerSets. */
export interface GatewayListener {
  readonly gateway: CustomResource;
  readonly owner: CustomResource;
  /** `spec.listeners[0]` of its owner. */
  readonly field: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** Lower case. default: every host */
  readonly hostname: string | undefined;
  /** Kinds of routes that may attach. */
  readonly kinds: readonly string[];
  /** Named kinds that its protocol does not know. */
  readonly badKinds: readonly string[];
  /** `allowedRoutes.namespaces` */
  readonly namespaces: Json | undefined;
  /** "none": it lacks the `tls` that its protocol needs. */
  readonly tls: "plain" | "none" | "passthrough" | ListenerCertificates;
  /** In front of a conflict, a missing certificate, and whatever else keeps it from the data plane. */
  readonly served: boolean;
}

const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["HTTP", ["HTTPRoute", "GRPCRoute"]],
  ["HTTPS", ["HTTPRoute", "GRPCRoute"]],
  ["TLS", ["TCPRoute", "TLSRoute"]],
  ["TCP", ["TCPRoute"]],
  ["UDP", ["UDPRoute"]],
]);

/** Protocols of one family share a port; TCP and UDP are no neighbours. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ["HTTP", "http"],
  ["HTTPS", "tls"],
  ["TLS", "tls"],
  ["TCP", "tcp"],
  ["UDP", "udp"],
]);

/** The kinds that a protocol knows. */
export function kindsFor(protocol: string, isPassthrough: boolean): readonly string[] {
  return protocol === "TLS" && isPassthrough ? ["TLSRoute"] : (KINDS.get(protocol) ?? []);
}

/** The ListenerSets of a Gateway, with whether it lets them in. */
export function listenerSetsOf(
  gateway: CustomResource,
  objects: GatewayObjects,
): readonly { readonly set: CustomResource; readonly isAllowed: boolean }[] {
  const { namespace: own, name } = gateway.metadata;
  const allowed = jsonFields(gateway.spec.allowedListeners).namespaces;
  return objects.all("ListenerSet").flatMap((set) => {
    const parent = jsonFields(set.spec.parentRef);
    const { namespace } = set.metadata;
    if (parent.name !== name || (parent.namespace ?? namespace) !== own) return [];
    return [{ set, isAllowed: isSelected(allowed, { own, namespace, otherwise: "None" }, objects) }];
  });
}

/** All listeners of a Gateway, its own first. */
export function gatewayListeners(
  gateway: CustomResource,
  objects: GatewayObjects,
): readonly GatewayListener[] {
  const sets = listenerSetsOf(gateway, objects).flatMap(({ set, isAllowed }) => (isAllowed ? [set] : []));
  const written = [gateway, ...sets].flatMap((owner) =>
    jsonItems(owner.spec.listeners).map((item, at) =>
      listenerOf(jsonFields(item), { gateway, owner, field: `spec.listeners[${at}]` }, objects),
    ),
  );
  return withoutConflicts(written);
}

function listenerOf(
  fields: JsonObject,
  { gateway, owner, field }: Pick<GatewayListener, "gateway" | "owner" | "field">,
  objects: GatewayObjects,
): GatewayListener {
  const protocol = jsonString(fields.protocol) ?? "";
  const tls = tlsOf(protocol, fields.tls, owner, objects);
  const allowed = jsonFields(fields.allowedRoutes);
  const known = kindsFor(protocol, tls === "passthrough");
  const named = jsonItems(allowed.kinds).map((kind) => jsonString(jsonFields(kind).kind) ?? "");
  const badKinds = named.filter((kind) => !known.includes(kind));
  return {
    ...{ gateway, owner, field, protocol, tls, badKinds },
    name: jsonString(fields.name) ?? "",
    port: jsonNumber(fields.port) ?? 0,
    hostname: jsonString(fields.hostname)?.toLowerCase() || undefined,
    kinds: named.length === 0 ? known : named.filter((kind) => known.includes(kind)),
    namespaces: allowed.namespaces,
    served: known.length > 0 && badKinds.length === 0 && hasTls(tls),
  };
}

function tlsOf(
  protocol: string,
  tls: Json | undefined,
  owner: CustomResource,
  objects: GatewayObjects,
): GatewayListener["tls"] {
  if (protocol !== "HTTPS" && protocol !== "TLS") return "plain";
  const { mode, certificateRefs } = jsonFields(tls);
  if (mode === "Passthrough") return "passthrough";
  return tls === undefined ? "none" : certificatesOf(owner, certificateRefs, objects);
}

function hasTls(tls: GatewayListener["tls"]): boolean {
  return tls !== "none" && (typeof tls === "string" || tls.usable.length > 0);
}

/** Two families on a port are both refused; of one family's equal listeners the first is served. */
function withoutConflicts(listeners: readonly GatewayListener[]): readonly GatewayListener[] {
  const refused = new Set<GatewayListener>();
  const byPort = new Map<number, GatewayListener[]>();
  for (const listener of listeners) {
    if (!listener.served) continue;
    const before = byPort.get(listener.port) ?? [];
    const family = FAMILIES.get(listener.protocol);
    for (const other of before) {
      const others = FAMILIES.get(other.protocol);
      if ((family === "udp") !== (others === "udp")) continue;
      if (family !== others) refused.add(other);
      if (family !== others || family === "tcp" || family === "udp" || other.hostname === listener.hostname)
        refused.add(listener);
    }
    byPort.set(listener.port, [...before, listener]);
  }
  return listeners.map((listener) => (refused.has(listener) ? { ...listener, served: false } : listener));
}

/** Listeners of HTTP and HTTPS on one port: none of them is served. */
export function protocolConflicts(
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
): readonly GatewayListener[] {
  const isHttp = ({ protocol }: GatewayListener) => protocol === "HTTP" || protocol === "HTTPS";
  const mixed = siblings.filter((other) => other.port === listener.port && isHttp(other));
  const conflicts = isHttp(listener) && mixed.some(({ protocol }) => protocol !== listener.protocol);
  return conflicts ? mixed : [];
}
