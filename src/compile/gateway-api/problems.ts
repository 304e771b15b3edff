import { jsonFields, jsonItems, jsonString } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { CustomResource } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import type { Parent } from "./attachment.ts";
import { GATEWAY_API } from "./facts.ts";
import type { ReadGateway } from "./gateways.ts";
import type { GatewayListener } from "./listeners.ts";
import type { GatewayObjects } from "./objects.ts";
import { usualOwner } from "./other-classes.ts";
import type { TranslatedRoute } from "./rules.ts";
import { asSentence } from "./status/condition.ts";
import { listenerConditions } from "./status/listener-status.ts";
import { attachment } from "./status/route-status.ts";

/** Gateways of other controllers, and listeners that are not served, in the words of their conditions. */
export function gatewayProblems({
  gateway,
  kind,
  fault,
  namedBy,
  listeners,
}: ReadGateway): readonly Problem[] {
  const name = `Gateway ${ingressName(gateway)}`;
  if (kind === "foreign") {
    const field = "spec.gatewayClassName";
    const message = `${name} is ignored: its class ${String(gateway.spec.gatewayClassName)} is not one of Envoy Gateway's`;
    const fix = `Name a class that is served: ${GATEWAY_API.classes.installed}; or serve this one: --ingress-class ${String(gateway.spec.gatewayClassName)}`;
    return [problemOf(gateway, { code: "gateway-ignored", level: "notice", field, message, fix })];
  }
  if (kind === "assumed") {
    const ports = listeners.map(({ protocol, port }) => `${protocol} ${port}`).join(" and ");
    const message = `${name} is not in the files: it is taken to listen for ${ports}, for every host and namespace`;
    return [
      problemOf(namedBy ?? gateway, {
        code: "gateway-assumed",
        level: "notice",
        field: "spec.parentRefs",
        message,
        fix: "Name the file of the Gateway too, where its listeners have hosts, certificates or limits of their own.",
      }),
    ];
  }
  if (kind === "refused") {
    const why = fault ?? "its address has no value, which the API server refuses in the Gateway's Service";
    const message = `${name} is not served: ${why}`;
    return [problemOf(gateway, { ...NOT_SERVED, field: "spec", message })];
  }
  return [
    ...classProblems(gateway),
    ...listeners.flatMap((listener) => listenerProblems(listener, listeners)),
  ];
}

/** A class that another implementation usually has, without a GatewayClass that says whose it is. */
function classProblems(gateway: CustomResource): readonly Problem[] {
  const name = String(gateway.spec.gatewayClassName);
  const owner = usualOwner(name);
  if (owner === undefined) return [];
  return [
    problemOf(gateway, {
      code: "gateway-of-other",
      level: "notice",
      field: "spec.gatewayClassName",
      message: `Gateway ${ingressName(gateway)}: the class ${name} is usually ${owner}'s; it is answered as Envoy Gateway answers`,
      fix: `Expect ${owner} to differ where Gateway API leaves it open: pages, headers, ties, policies.`,
    }),
  ];
}

function listenerProblems(
  listener: GatewayListener,
  listeners: readonly GatewayListener[],
): readonly Problem[] {
  if (listener.served) return [];
  const conditions = listenerConditions(listener, listeners);
  const bad = conditions.filter(({ type, status }) => (type === "Conflicted") === (status === "True"));
  const why = [...new Set(bad.map(({ message }) => message))].join(" ");
  const { owner, field } = listener;
  const message = `listener ${listener.name} of ${owner.kind} ${ingressName(owner)} is not served: ${why}`;
  return [problemOf(owner, { ...NOT_SERVED, field, message })];
}

const NOT_SERVED = {
  code: "listener-not-served",
  level: "error",
  fix: "Correct what the condition names; until then nothing listens there.",
} as const;

/** True for the kind and `NAMESPACE/NAME` of a Gateway or ListenerSet that a route may attach to. */
type IsThere = (kind: string, name: string) => boolean;

export function namedParents(gateways: readonly ReadGateway[], objects: GatewayObjects): IsThere {
  const names = {
    Gateway: new Set(gateways.map(({ gateway }) => ingressName(gateway))),
    ListenerSet: new Set(objects.all("ListenerSet").map(ingressName)),
  };
  return (kind, name) => (kind === "Gateway" || kind === "ListenerSet") && names[kind].has(name);
}

/** Parents that are not there; the controller leaves no word about them. */
export function missingParents(route: CustomResource, isThere: IsThere): readonly Problem[] {
  return jsonItems(route.spec.parentRefs).flatMap((item, at) => {
    const ref = jsonFields(item);
    const kind = jsonString(ref.kind) ?? "Gateway";
    const name = `${jsonString(ref.namespace) ?? route.metadata.namespace}/${String(ref.name)}`;
    if ((kind !== "Gateway" && kind !== "ListenerSet") || isThere(kind, name)) return [];
    return [
      problemOf(route, {
        ...{ code: "route-not-attached", level: "warning", field: `spec.parentRefs[${at}]` },
        message: `${route.kind} ${ingressName(route)} is not served by this parent: there is no ${kind} ${name}`,
        fix: `Add the ${kind}, or correct the name and the namespace.`,
      }),
    ];
  });
}

/** Parents that a route is not attached to, rules that are left out, and references that lead nowhere. */
export function routeProblems(
  route: TranslatedRoute & { readonly parents: readonly Parent[] },
): readonly Problem[] {
  const { parents, faults } = route;
  const name = `${route.route.kind} ${ingressName(route.route)}`;
  const unattached = parents.flatMap((parent) => {
    const { status, message: why } = attachment(route.route.kind, parent);
    if (status === "True") return [];
    const message = `${name} is not served by this parent: ${why}`;
    const fix = "Correct the reference, or what the listener allows.";
    return [
      problemOf(route.route, {
        code: "route-not-attached",
        level: "error",
        field: parent.field,
        message,
        fix,
      }),
    ];
  });
  const said = [
    ...faults.accepted.map(({ message }) => `${asSentence(message)} The rule is dropped`),
    ...faults.resolved.map(
      ({ message }) => `${asSentence(message)} What would go there is answered with 500`,
    ),
  ];
  const broken = said.map((words) =>
    problemOf(route.route, {
      code: "broken-reference",
      level: "warning",
      field: "spec.rules",
      message: `${name}: ${words}`,
      fix: "Correct the reference; a name in another namespace needs a ReferenceGrant there.",
    }),
  );
  return [...unattached, ...broken];
}
