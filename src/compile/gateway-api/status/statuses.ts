import type { ObjectStatus } from "../../../model/object-status.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { eachInSteps, type Steps } from "../../../steps.ts";
import { attachedTo, type Parent } from "../attachment.ts";
import { CONTROLLER_NAME } from "../facts.ts";
import type { ReadGateway } from "../gateways.ts";
import type { GatewayListener } from "../listeners.ts";
import type { GatewayObjects } from "../objects.ts";
import type { TranslatedRoute } from "../rules.ts";
import { condition } from "./condition.ts";
import { gatewayStatuses } from "./gateway-status.ts";
import { overlappingOn, overlapsOf } from "./overlaps.ts";
import { policyStatuses } from "./policy-status.ts";
import { routeStatus } from "./route-status.ts";
import { statusOf } from "./status-of.ts";

type Attached = TranslatedRoute & { readonly parents: readonly Parent[] };

/** What the controller writes into its objects. */
export function* statusesOf(
  gateways: readonly ReadGateway[],
  routes: readonly Attached[],
  objects: GatewayObjects,
): Steps<readonly ObjectStatus[]> {
  const counts = new Map<GatewayListener, number>();
  yield* eachInSteps(routes, ({ parents }) => {
    for (const listener of attachedTo(parents)) counts.set(listener, (counts.get(listener) ?? 0) + 1);
  });
  const classes = objects.all("GatewayClass").filter(({ spec }) => spec.controllerName === CONTROLLER_NAME);
  const ofGateways = gateways.flatMap((each) =>
    gatewayStatuses(each, (listener) => counts.get(listener) ?? 0, objects),
  );
  yield;
  const overlaps = yield* overlapsOf(routes);
  const ofRoutes: ObjectStatus[] = [];
  yield* eachInSteps(routes, (each) =>
    ofRoutes.push(
      routeStatus(each, each.parents, (parent) => overlappingOn(parent, overlaps.get(each.route))),
    ),
  );
  const ours = new Set(gateways.filter(({ kind }) => kind !== "foreign").map(({ gateway }) => gateway));
  const isOurs = (gateway: CustomResource) => ours.has(gateway);
  return [
    ...classes.map((each) => statusOf(each, { conditions: [ACCEPTED] })),
    ...ofGateways,
    ...ofRoutes,
    ...(yield* policyStatuses(routes, isOurs, objects)),
  ];
}

const ACCEPTED = condition("Accepted", "True", "Accepted", "Valid GatewayClass");
