import {
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
  jsonStrings,
} from "../../model/json.ts";
import type { CustomResource } from "../../model/resource.ts";
import { GATEWAY_GROUP } from "./facts.ts";
import { hostsOn } from "./listeners/hostnames.ts";
import { isSelected } from "./listeners/selected.ts";
import type { GatewayListener } from "./listeners.ts";
import type { GatewayObjects } from "./objects.ts";

/** One `parentRef` of a route whose Gateway or ListenerSet is there. */
export interface Parent {
  readonly ref: JsonObject;
  readonly field: string;
  /** All listeners of the Gateways that the parent belongs to. */
  readonly siblings: readonly GatewayListener[];
  /** The listeners that the reference selects. */
  readonly selected: readonly GatewayListener[];
  /** Those that let the route in. */
  readonly admitted: readonly GatewayListener[];
  /** Those with a host in common. */
  readonly attached: readonly GatewayListener[];
}

/** The parents of a route, by the listeners of each Gateway. */
export function parentsOf(
  route: CustomResource,
  gateways: readonly (readonly GatewayListener[])[],
  objects: GatewayObjects,
): readonly Parent[] {
  return jsonItems(route.spec.parentRefs).flatMap((item, at) => {
    const ref = jsonFields(item);
    const siblings = gateways.find((listeners) => listeners.some((each) => isOwnedBy(each, ref, route)));
    if (siblings === undefined) return [];
    const selected = siblings.filter((each) => isOwnedBy(each, ref, route) && isSelectedBy(each, ref));
    const admitted = selected.filter((each) => isAdmitted(route, each, objects));
    const attached = admitted.filter((each) => hostsOfRoute(route, each, siblings).length > 0);
    return [{ ref, field: `spec.parentRefs[${at}]`, siblings, selected, admitted, attached }];
  });
}

/** The hosts that a route has on a listener. */
export function hostsAt(
  { parents, route }: { readonly parents: readonly Parent[]; readonly route: CustomResource },
  listener: GatewayListener,
): readonly string[] {
  const parent = parents.find(({ attached }) => attached.includes(listener));
  return parent === undefined ? [] : hostsOfRoute(route, listener, parent.siblings);
}

/** TCPRoute and UDPRoute have no hosts: `*`. */
export function hostsOfRoute(
  { kind, spec }: CustomResource,
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
): readonly string[] {
  if (kind === "TCPRoute" || kind === "UDPRoute") return ["*"];
  return hostsOn(jsonStrings(spec.hostnames), listener, siblings);
}

/** The listeners that a route is attached to, each once. */
export function attachedTo(parents: readonly Parent[]): readonly GatewayListener[] {
  return [...new Set(parents.flatMap(({ attached }) => attached))];
}

function isOwnedBy({ owner }: GatewayListener, ref: JsonObject, route: CustomResource): boolean {
  const { name, namespace } = owner.metadata;
  return (
    (ref.group ?? GATEWAY_GROUP) === GATEWAY_GROUP &&
    (jsonString(ref.kind) ?? "Gateway") === owner.kind &&
    ref.name === name &&
    (jsonString(ref.namespace) ?? route.metadata.namespace) === namespace
  );
}

function isSelectedBy({ name, alsoNamed, port }: GatewayListener, ref: JsonObject): boolean {
  const section = jsonString(ref.sectionName) ?? name;
  return (section === name || alsoNamed?.has(section) === true) && (jsonNumber(ref.port) ?? port) === port;
}

function isAdmitted(
  route: CustomResource,
  { kinds, namespaces, owner }: GatewayListener,
  objects: GatewayObjects,
): boolean {
  const { namespace: own } = owner.metadata;
  const { namespace } = route.metadata;
  return kinds.includes(route.kind) && isSelected(namespaces, { own, namespace, otherwise: "Same" }, objects);
}
