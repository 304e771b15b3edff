import type { JsonObject } from "../../../model/json.ts";
import type { ObjectStatus } from "../../../model/object-status.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { GATEWAY_GROUP } from "../facts.ts";
import type { ReadGateway } from "../gateways.ts";
import { type GatewayListener, listenerSetsOf } from "../listeners.ts";
import type { GatewayObjects } from "../objects.ts";
import { byType, condition, type StatusCondition } from "./condition.ts";
import { tlsConditions } from "./gateway-tls.ts";
import { listenerConditions } from "./listener-status.ts";
import { statusOf, untouched } from "./status-of.ts";

/** How many routes are attached to a listener. */
export type CountAttached = (listener: GatewayListener) => number;

const WAITING = ["Accepted", "Programmed"].map((type) =>
  condition(type, "Unknown", "Pending", "Waiting for controller"),
);

/** The statuses of a Gateway and of its ListenerSets. */
export function gatewayStatuses(
  { gateway, kind, fault, listeners }: ReadGateway,
  count: CountAttached,
  objects: GatewayObjects,
): readonly ObjectStatus[] {
  if (kind === "assumed") return [];
  if (kind === "foreign" || (kind === "refused" && fault === undefined))
    return [untouched(gateway, { conditions: WAITING })];
  if (fault !== undefined) {
    const accepted = condition("Accepted", "False", "InvalidParameters", fault);
    return [statusOf(gateway, { conditions: [accepted, NO_ADDRESS] })];
  }
  const own = listeners.filter(({ owner }) => owner === gateway);
  const isServed = listeners.some(({ served }) => served);
  const sets = listenerSetsOf(gateway, objects);
  const hasAccepted = (set: CustomResource) =>
    listeners.some((each) => each.owner === set && isAccepted(each, listeners));
  const attached = sets.filter(({ set, isAllowed }) => isAllowed && hasAccepted(set)).length;
  const status: JsonObject = {
    conditions: byType([
      accepted(own, listeners),
      isServed ? HAS_ADDRESS : NO_ADDRESS,
      ...tlsConditions(gateway, objects),
    ]),
    listeners: own.map((each) => listenerStatus(each, listeners, count)),
    ...(attached > 0 ? { attachedListenerSets: attached } : {}),
  };
  const ofSets = sets.map(({ set, isAllowed }) =>
    isAllowed ? setStatus(set, listeners, count) : refusedSet(set, gateway),
  );
  return [statusOf(gateway, status), ...ofSets];
}

const HAS_ADDRESS = condition(
  "Programmed",
  "True",
  "Programmed",
  "Address assigned to the Gateway, 1/1 envoy replicas available",
);
const NO_ADDRESS = condition(
  "Programmed",
  "False",
  "AddressNotAssigned",
  "No addresses have been assigned to the Gateway",
);

function accepted(own: readonly GatewayListener[], siblings: readonly GatewayListener[]): StatusCondition {
  const bad = own
    .filter((listener) => !isAccepted(listener, siblings))
    .map(({ name }) => name)
    .sort();
  const names = bad.join(", ");
  if (bad.length === 0)
    return condition("Accepted", "True", "Accepted", "The Gateway has been scheduled by Envoy Gateway");
  return bad.length < own.length
    ? condition("Accepted", "True", "ListenersNotValid", `Listeners not valid: ${names}`)
    : condition("Accepted", "False", "ListenersNotValid", `No listeners are valid: ${names}`);
}

function isAccepted(listener: GatewayListener, siblings: readonly GatewayListener[]): boolean {
  return listenerConditions(listener, siblings).some(
    ({ type, status }) => type === "Accepted" && status === "True",
  );
}

function listenerStatus(
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
  count: CountAttached,
): JsonObject {
  return {
    name: listener.name,
    attachedRoutes: count(listener),
    supportedKinds: listener.kinds.map((kind) => ({ group: GATEWAY_GROUP, kind })),
    conditions: listenerConditions(listener, siblings),
  };
}

function setStatus(
  set: CustomResource,
  siblings: readonly GatewayListener[],
  count: CountAttached,
): ObjectStatus {
  const own = siblings.filter(({ owner }) => owner === set);
  const good = own.filter((each) => isAccepted(each, siblings)).length;
  const served = own.filter(({ served }) => served).length;
  const conditions = [acceptedSet(good, own.length), programmedSet(served, own.length)];
  return statusOf(set, { conditions, listeners: own.map((each) => listenerStatus(each, siblings, count)) });
}

function acceptedSet(good: number, all: number): StatusCondition {
  if (good === all) return condition("Accepted", "True", "Accepted", "All listeners are accepted");
  return good > 0
    ? condition("Accepted", "True", "ListenersNotValid", "Some listeners are invalid")
    : condition("Accepted", "False", "ListenersNotValid", "No listeners are accepted");
}

function programmedSet(served: number, all: number): StatusCondition {
  if (served === 0)
    return condition("Programmed", "False", "ListenersNotValid", "No listeners are programmed");
  const message = served === all ? "All listeners are programmed" : "Some listeners are not programmed";
  return condition("Programmed", "True", "Programmed", message);
}

function refusedSet(set: CustomResource, gateway: CustomResource): ObjectStatus {
  const { namespace, name } = gateway.metadata;
  const message = `ListenerSet attachment from namespace ${set.metadata.namespace} not allowed by Gateway ${namespace}/${name}`;
  return statusOf(set, {
    conditions: [
      condition("Accepted", "False", "NotAllowed", message),
      condition("Programmed", "False", "NotAllowed", "Not Programmed"),
    ],
  });
}
