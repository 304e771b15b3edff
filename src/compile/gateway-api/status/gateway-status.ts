import type { JsonObject } from "../../../model/json.ts";
import type { ObjectStatus } from "../../../model/object-status.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { ReadGateway } from "../gateways.ts";
import { type GatewayListener, listenerSetsOf } from "../listeners.ts";
import type { GatewayObjects } from "../objects.ts";
import { condition, type StatusCondition } from "./condition.ts";
import { listenerConditions } from "./listener-status.ts";

/** How many routes are attached to a listener. */
export type CountAttached = (listener: GatewayListener) => number;

export function statusOf({ kind, metadata }: CustomResource, status: JsonObject): ObjectStatus {
  return { object: { kind, namespace: metadata.namespace, name: metadata.name }, status };
}

const WAITING = ["Accepted", "Programmed"].map((type) =>
  condition(type, "Unknown", "Pending", "Waiting for controller"),
);

/** The statuses of a Gateway and of its ListenerSets. */
export function gatewayStatuses(
  { gateway, kind, fault, listeners }: ReadGateway,
  count: CountAttached,
  objects: GatewayObjects,
): readonly ObjectStatus[] {
  if (kind === "foreign" || (kind === "refused" && fault === undefined))
    return [statusOf(gateway, { conditions: WAITING })];
  if (fault !== undefined) {
    const accepted = condition("Accepted", "False", "InvalidParameters", fault);
    return [statusOf(gateway, { conditions: [accepted, NO_ADDRESS] })];
  }
  const own = listeners.filter(({ owner }) => owner === gateway);
  const isServed = listeners.some(({ served }) => served);
  const sets = listenerSetsOf(gateway, objects);
  const attached = sets.filter(({ isAllowed }) => isAllowed).length;
  const status: JsonObject = {
    conditions: [accepted(own, listeners), isServed ? HAS_ADDRESS : NO_ADDRESS],
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
    supportedKinds: listener.kinds.map((kind) => ({ group: "gateway.networking.k8s.io", kind })),
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
  const conditions =
    good === own.length
      ? [
          condition("Accepted", "True", "Accepted", "All listeners are accepted"),
          condition("Programmed", "True", "Programmed", "All listeners are programmed"),
        ]
      : [
          condition(
            "Accepted",
            good > 0 ? "True" : "False",
            "ListenersNotValid",
            "Some listeners are not accepted",
          ),
          condition(
            "Programmed",
            good > 0 ? "True" : "False",
            "ListenersNotValid",
            "Some listeners are not programmed",
          ),
        ];
  return statusOf(set, { conditions, listeners: own.map((each) => listenerStatus(each, siblings, count)) });
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
