import type { Problem } from "../../model/problem.ts";
import { ingressName, problemOf } from "../problem.ts";
import type { Parent } from "./attachment.ts";
import { GATEWAY_API } from "./facts.ts";
import type { ReadGateway } from "./gateways.ts";
import type { TranslatedRoute } from "./rules.ts";
import { asSentence } from "./status/condition.ts";
import { listenerConditions } from "./status/listener-status.ts";
import { parentConditions } from "./status/route-status.ts";

/** Gateways of other controllers, and listeners that are not served, in the words of their conditions. */
export function gatewayProblems({ gateway, kind, fault, listeners }: ReadGateway): readonly Problem[] {
  const name = `Gateway ${ingressName(gateway)}`;
  if (kind === "foreign") {
    const field = "spec.gatewayClassName";
    const message = `${name} is ignored: its class ${String(gateway.spec.gatewayClassName)} is not one of Envoy Gateway's`;
    const fix = `Name a class that is served: ${GATEWAY_API.classes.installed}; or serve this one: --ingress-class ${String(gateway.spec.gatewayClassName)}`;
    return [problemOf(gateway, { code: "gateway-ignored", level: "notice", field, message, fix })];
  }
  if (kind === "refused") {
    const why = fault ?? "its address has no value, which the API server refuses in the Gateway's Service";
    const message = `${name} is not served: ${why}`;
    return [problemOf(gateway, { ...NOT_SERVED, field: "spec", message })];
  }
  return listeners.flatMap((listener) => {
    if (listener.served) return [];
    const conditions = listenerConditions(listener, listeners);
    const bad = conditions.filter(({ type, status }) => (type === "Conflicted") === (status === "True"));
    const why = [...new Set(bad.map(({ message }) => message))].join(" ");
    const { owner, field } = listener;
    const message = `listener ${listener.name} of ${owner.kind} ${ingressName(owner)} is not served: ${why}`;
    return [problemOf(owner, { ...NOT_SERVED, field, message })];
  });
}

const NOT_SERVED = {
  code: "listener-not-served",
  level: "error",
  fix: "Correct what the condition names; until then nothing listens there.",
} as const;

/** Parents that a route is not attached to, rules that are left out, and references that lead nowhere. */
export function routeProblems(
  route: TranslatedRoute & { readonly parents: readonly Parent[] },
): readonly Problem[] {
  const { parents, faults } = route;
  const name = `${route.route.kind} ${ingressName(route.route)}`;
  const unattached = parents.flatMap((parent) => {
    const bad = parentConditions(route, parent, []).find(
      ({ type, status }) => type === "Accepted" && status === "False",
    );
    if (bad === undefined) return [];
    const message = `${name} is not served by this parent: ${bad.message}`;
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
