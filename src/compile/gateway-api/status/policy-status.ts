import { append } from "../../../append.ts";
import type { JsonObject } from "../../../model/json.ts";
import { jsonFields, jsonString } from "../../../model/json.ts";
import type { ObjectStatus } from "../../../model/object-status.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { groupBy } from "../../../service/group-by.ts";
import { eachInSteps, type Steps } from "../../../steps.ts";
import { ingressName } from "../../problem.ts";
import type { Parent } from "../attachment.ts";
import { backendTlsPolicies, trustedBy } from "../backends/backend-tls.ts";
import { CONTROLLER_NAME, GATEWAY_GROUP } from "../facts.ts";
import type { GatewayObjects } from "../objects.ts";
import { brokenReferenceOf } from "../policies/policy-faults.ts";
import { type PolicyKind, type Targeted, targetsOf } from "../policies.ts";
import type { TranslatedRule } from "../rules.ts";
import { asSentence, byType, condition, type StatusCondition } from "./condition.ts";
import { statusOf } from "./status-of.ts";

/** A route with its parents, as policies name it. */
export interface TargetedRoute {
  readonly route: CustomResource;
  readonly parents: readonly Parent[];
  readonly rules: readonly TranslatedRule[];
}

/** The statuses of all policies: one entry for each Gateway that they are for. */
export function* policyStatuses(
  routes: readonly TargetedRoute[],
  isOurs: (gateway: CustomResource) => boolean,
  objects: GatewayObjects,
): Steps<readonly ObjectStatus[]> {
  const kinds = ["ClientTrafficPolicy", "BackendTrafficPolicy", "SecurityPolicy"] as const;
  const byRoute = new Map(routes.map((each) => [each.route, each]));
  const statuses: ObjectStatus[] = [];
  for (const kind of kinds) append(statuses, yield* statusesOf(kind, byRoute, isOurs, objects));
  return [...statuses, ...(yield* backendTlsStatuses(routes, objects))];
}

type RoutesByObject = ReadonlyMap<CustomResource, TargetedRoute>;

function* statusesOf(
  kind: PolicyKind,
  routes: RoutesByObject,
  isOurs: (gateway: CustomResource) => boolean,
  objects: GatewayObjects,
): Steps<readonly ObjectStatus[]> {
  const targets = targetsOf(kind, objects);
  const byPolicy = groupBy(targets, ({ policy }) => [policy]);
  const overriding = overridingRoutes(targets, routes);
  const statuses: ObjectStatus[] = [];
  yield* eachInSteps(objects.all(kind), (policy) => {
    const ancestors = (byPolicy.get(policy) ?? []).flatMap((each) =>
      ancestorsOf(each, routes, isOurs).map((ref) =>
        ancestor(ref, conditionsOf(kind, each, overriding, objects)),
      ),
    );
    statuses.push(statusOf(policy, ancestors.length === 0 ? {} : { ancestors }));
  });
  return statuses;
}

function ancestor(ref: JsonObject, conditions: readonly StatusCondition[]): JsonObject {
  const ancestorRef = { group: GATEWAY_GROUP, kind: "Gateway", ...ref };
  return { ancestorRef, controllerName: CONTROLLER_NAME, conditions: byType(conditions) };
}

function ancestorsOf(
  { target, section }: Targeted,
  routes: RoutesByObject,
  isOurs: (gateway: CustomResource) => boolean,
): readonly JsonObject[] {
  const { namespace, name } = target.metadata;
  if (target.kind === "Gateway")
    return isOurs(target)
      ? [{ namespace, name, ...(section === undefined ? {} : { sectionName: section }) }]
      : [];
  return (routes.get(target)?.parents ?? []).map(({ ref }) => ({
    ...ref,
    namespace: jsonString(ref.namespace) ?? target.metadata.namespace,
  }));
}

function conditionsOf(
  kind: PolicyKind,
  { policy, target, section, kind: how }: Targeted,
  overridingOf: ReadonlyMap<CustomResource, readonly string[]>,
  objects: GatewayObjects,
): readonly StatusCondition[] {
  const refused = (reason: string, message: string) => [condition("Accepted", "False", reason, message)];
  if (how === "section") {
    const message = `No section name ${section} found for ${target.kind} ${ingressName(target)}`;
    return refused("TargetNotFound", message);
  }
  if (how === "taken") {
    const message = `Unable to target ${target.kind} ${target.metadata.name}, another ${kind} has already attached to it`;
    return refused("Conflicted", message);
  }
  const fault = brokenReferenceOf(policy, objects);
  if (fault !== undefined) return refused("Invalid", asSentence(fault));
  const conditions = [ACCEPTED, ...deprecated(policy)];
  const overriding = overridingOf.get(target) ?? [];
  if (overriding.length === 0) return conditions;
  const plural = `${kind.slice(0, 1).toLowerCase()}${kind.slice(1, -1)}ies`;
  const message = `This policy is being overridden by other ${plural} for these routes: [${overriding.join(" ")}]`;
  return [...conditions, condition("Overridden", "True", "Overridden", message)];
}

const ACCEPTED = condition("Accepted", "True", "Accepted", "Policy has been accepted.");

function deprecated({ kind, spec }: CustomResource): readonly StatusCondition[] {
  if (kind !== "ClientTrafficPolicy" || jsonFields(spec.headers).preserveXRequestID === undefined) return [];
  const message = "spec.headers.preserveXRequestID is deprecated, use spec.headers.requestID instead";
  return [condition("Warning", "True", "DeprecatedField", message)];
}

/** By Gateway, the routes with a policy of their own. */
function overridingRoutes(
  targets: readonly Targeted[],
  routes: RoutesByObject,
): ReadonlyMap<CustomResource, readonly string[]> {
  const byGateway = new Map<CustomResource, Set<string>>();
  for (const { target, kind, section } of targets) {
    if (kind !== "in force" || section !== undefined || target.kind === "Gateway") continue;
    for (const { siblings } of routes.get(target)?.parents ?? [])
      for (const gateway of new Set(siblings.map((each) => each.gateway)))
        byGateway.set(gateway, (byGateway.get(gateway) ?? new Set()).add(ingressName(target)));
  }
  return new Map([...byGateway].map(([gateway, names]) => [gateway, [...names].sort()]));
}

const RESOLVED = condition("ResolvedRefs", "True", "ResolvedRefs", "Resolved all the Object references.");

/** A BackendTLSPolicy has a status for each Gateway whose routes use it. */
function* backendTlsStatuses(
  routes: readonly TargetedRoute[],
  objects: GatewayObjects,
): Steps<readonly ObjectStatus[]> {
  const users = new Map<CustomResource, Map<string, JsonObject>>();
  /** With the Service that an older policy has. */
  const losers = new Map<CustomResource, string>();
  yield* eachInSteps(routes, ({ rules, parents, route }) => {
    for (const { backends } of rules)
      for (const { resolved } of backends) {
        const { namespace, service: name, port: wanted } = resolved.backend;
        const service = objects.services.service(namespace, name);
        const port = service?.ports.find((each) => "number" in wanted && each.port === wanted.number);
        const policies = service === undefined ? [] : backendTlsPolicies(service, port, objects);
        for (const policy of policies) {
          const refs = users.get(policy) ?? new Map<string, JsonObject>();
          users.set(policy, refs);
          for (const { ref } of parents) {
            const full = { ...ref, namespace: jsonString(ref.namespace) ?? route.metadata.namespace };
            refs.set(JSON.stringify(full), full);
          }
          if (policy !== policies[0]) losers.set(policy, name);
        }
      }
  });
  return objects.all("BackendTLSPolicy").map((policy) => {
    const refs = [...(users.get(policy)?.values() ?? [])];
    if (refs.length === 0) return statusOf(policy, {});
    const conditions = backendTlsConditions(policy, losers.get(policy), objects);
    return statusOf(policy, { ancestors: refs.map((ref) => ancestor(ref, conditions)) });
  });
}

function backendTlsConditions(
  policy: CustomResource,
  taken: string | undefined,
  objects: GatewayObjects,
): readonly StatusCondition[] {
  if (taken !== undefined) {
    const message = `Unable to target Service ${taken}, another BackendTLSPolicy has already attached to it`;
    return [condition("Accepted", "False", "Conflicted", message)];
  }
  const trusted = trustedBy(policy, objects);
  if (trusted === "system" || trusted.faults.length === 0) return [ACCEPTED, RESOLVED];
  const [fault] = trusted.faults;
  const message = asSentence(fault?.message ?? "");
  const reason = fault?.about === "kind" ? "InvalidKind" : "InvalidCACertificateRef";
  return [
    trusted.pem === "" ? condition("Accepted", "False", "NoValidCACertificate", message) : ACCEPTED,
    condition("ResolvedRefs", "False", reason, message),
  ];
}
