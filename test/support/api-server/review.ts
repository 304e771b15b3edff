import { asMap, asText, at, type Json } from "./object.ts";
import type { Target } from "./request.ts";
import { groupVersion } from "./resource-type.ts";
import type { World } from "./world.ts";

/** Answers a review of the caller's permissions or name. */
export function review(world: World, target: Target, body: Json): Json {
  const { type } = target;
  return {
    kind: type.kind,
    apiVersion: groupVersion(type),
    metadata: { creationTimestamp: null },
    ...(body.spec === undefined ? {} : { spec: body.spec }),
    status: statusOf(world, type.kind, body),
  };
}

function statusOf(world: World, kind: string, body: Json): Json {
  if (kind === "SelfSubjectReview") {
    return { userInfo: { username: world.access.user, groups: ["system:authenticated"] } };
  }
  if (kind === "SelfSubjectRulesReview") {
    const nonResourceRules = [{ verbs: ["*"], nonResourceURLs: ["*"] }];
    const resourceRules = world.access.rules(asText(at(body, "spec", "namespace")), world.types);
    return { resourceRules, nonResourceRules, incomplete: false };
  }
  const asked = asMap(at(body, "spec", "resourceAttributes"));
  const allowed = world.access.allows({
    verb: asText(asked.verb),
    group: asText(asked.group),
    resource: asText(asked.resource),
    subresource: asText(asked.subresource),
    namespace: asText(asked.namespace),
    name: asText(asked.name),
  });
  return { allowed };
}
