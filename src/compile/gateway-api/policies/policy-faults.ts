import { jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { resolve } from "../backends.ts";
import type { GatewayObjects } from "../objects.ts";

/** securitypolicy.go, validateHtpasswdFormat; `undefined` for a file that Envoy reads. */
function htpasswdFault(data: Buffer | undefined): string | undefined {
  for (const line of (data?.toString("latin1") ?? "").split("\n")) {
    const text = line.trim();
    if (text === "") continue;
    const colon = text.indexOf(":");
    if (colon < 0) return "invalid htpasswd format: each line must be in the format 'username:password'";
    const hash = text.slice(colon + 1);
    if (!hash.startsWith("{SHA}")) return "unsupported htpasswd format: please use {SHA}";
    if (Buffer.from(hash.slice("{SHA}".length), "base64").length !== SHA1_BYTES)
      return `invalid htpasswd format: {SHA} must be SHA1 (${SHA1_BYTES} bytes)`;
  }
  return undefined;
}

const SHA1_BYTES = 20;

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
    const lines = htpasswdFault(
      objects
        .secret(`${namespace}/${jsonString(jsonFields(jsonFields(basicAuth).users).name)}`)
        ?.data.get(".htpasswd"),
    );
    if (lines !== undefined) return `BasicAuth: ${lines}`;
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
