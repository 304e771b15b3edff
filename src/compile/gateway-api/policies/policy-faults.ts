import { jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { resolve } from "../backends.ts";
import type { GatewayObjects } from "../objects.ts";

/** A reference of a policy that leads nowhere: then every request of its target is answered 500. */
export function brokenReferenceOf(policy: CustomResource, objects: GatewayObjects): string | undefined {
  if (policy.kind !== "SecurityPolicy") return undefined;
  const { basicAuth, apiKeyAuth, extAuth } = policy.spec;
  const { namespace } = policy.metadata;
  const missing = (name: string | undefined) =>
    objects.secret(`${namespace}/${name ?? ""}`) === undefined
      ? `secret ${namespace}/${name} does not exist`
      : undefined;
  if (basicAuth !== undefined) {
    const fault = missing(jsonString(jsonFields(jsonFields(basicAuth).users).name));
    if (fault !== undefined) return `BasicAuth: ${fault}`;
  }
  for (const item of jsonItems(jsonFields(apiKeyAuth).credentialRefs)) {
    const fault = missing(jsonString(jsonFields(item).name));
    if (fault !== undefined) return `APIKeyAuth: ${fault}`;
  }
  const { http, grpc } = jsonFields(extAuth);
  for (const item of jsonItems(jsonFields(http ?? grpc).backendRefs)) {
    const from = { kind: policy.kind, metadata: policy.metadata, group: "gateway.envoyproxy.io" } as const;
    const found = resolve(jsonFields(item), from, objects);
    if (found.kind === "invalid") return `ExtAuth: ${found.fault.message}`;
  }
  return undefined;
}
