import { type JsonObject, jsonNumber, jsonString } from "../../model/json.ts";
import type { CustomResource, ServicePort } from "../../model/resource.ts";
import type { UpstreamTls } from "../../model/route/transport.ts";
import type { Backend } from "../../model/route.ts";
import { podsOf } from "../../service/pods.ts";
import { backendFilterFault } from "./backends/backend-filters.ts";
import { backendTlsPolicies, trustedBy, upstreamTlsBy } from "./backends/backend-tls.ts";
import type { GatewayObjects } from "./objects.ts";
import type { StatusFault } from "./status/condition.ts";

/** A `backendRef` as the controller resolves it. */
export type Resolved =
  | {
      readonly kind: "valid";
      readonly backend: Backend;
      /** default: the files lack the Service */
      readonly port: ServicePort | undefined;
      /** default: plain text */
      readonly tls?: UpstreamTls | undefined;
      /** The files say that it has no endpoint. */
      readonly unavailable?: StatusFault | undefined;
    }
  | { readonly kind: "invalid"; readonly backend: Backend; readonly fault: StatusFault };

const GROUPS: ReadonlySet<string> = new Set(["", "multicluster.x-k8s.io", "gateway.envoyproxy.io"]);
const KINDS: ReadonlySet<string> = new Set(["Service", "ServiceImport", "Backend"]);

const BAD_GROUP =
  "Group is invalid, only the core API group (specified by omitting the group field or setting it to an empty string), multicluster.x-k8s.io and gateway.envoyproxy.io are supported";
const BAD_KIND = "Kind is invalid, only Service, MCS ServiceImport and Envoy Gateway Backend are supported";
const NO_PORT = "A valid port number corresponding to a port on the Service must be specified";

export function weightOf(ref: JsonObject): number {
  return jsonNumber(ref.weight) ?? 1;
}

/** `from`: the route or policy that names it. */
export function resolve(
  ref: JsonObject,
  from: Pick<CustomResource, "kind" | "metadata"> & { readonly group?: string },
  objects: GatewayObjects,
): Resolved {
  const name = jsonString(ref.name) ?? "";
  const namespace = jsonString(ref.namespace) ?? from.metadata.namespace;
  const number = jsonNumber(ref.port) ?? 0;
  const backend: Backend = { namespace, service: name, port: { number } };
  const invalid = (reason: string, message: string): Resolved => ({
    kind: "invalid",
    backend,
    fault: { reason, message },
  });
  const kind = jsonString(ref.kind) ?? "Service";
  const filtered = backendFilterFault(ref.filters, from.kind);
  if (filtered !== undefined) return { kind: "invalid", backend, fault: filtered };
  if (!GROUPS.has(jsonString(ref.group) ?? "")) return invalid("InvalidKind", BAD_GROUP);
  if (!KINDS.has(kind)) return invalid("InvalidKind", BAD_KIND);
  const source = { kind: from.kind, namespace: from.metadata.namespace, group: from.group };
  const group = jsonString(ref.group) ?? "";
  if (!objects.grants(source, { kind, namespace, name, group })) {
    const message = `Backend ref to ${kind} ${namespace}/${name} not permitted by any ReferenceGrant`;
    return invalid("RefNotPermitted", message);
  }
  const key = `${namespace}/${name}`;
  if (ref.port === undefined && kind !== "Backend") return invalid("PortNotSpecified", NO_PORT);
  if (kind === "ServiceImport") return invalid("BackendNotFound", `service import ${key} not found`);
  if (kind === "Backend")
    return invalid("UnsupportedValue", "Backend is disabled in Envoy Gateway configuration");
  const service = objects.services.service(namespace, name);
  if (service === undefined)
    return objects.mayHold(namespace)
      ? { kind: "valid", backend, port: undefined }
      : invalid("BackendNotFound", `service ${key} not found`);
  const protocol = from.kind === "UDPRoute" ? "UDP" : "TCP";
  const port = service.ports.find((each) => each.port === number && (each.protocol ?? "TCP") === protocol);
  if (service.type !== "ExternalName" && port === undefined)
    return invalid("PortNotFound", `${protocol} Port ${number} not found on Service ${key}`);
  if (weightOf(ref) === 0) return { kind: "valid", backend, port };
  const [policy] = backendTlsPolicies(service, port, objects);
  const tls = policy && upstreamTlsBy(policy, objects);
  if (policy !== undefined && tls === undefined)
    return invalid("InvalidBackendTLS", mistrust(policy, objects));
  if (service.type === "ExternalName" || port === undefined)
    return invalid(
      "UnsupportedValue",
      `Service ${key} is of type ExternalName, which is not supported as a backend; use an Envoy Gateway Backend resource with an FQDN endpoint instead`,
    );
  const message = `no ready endpoints for the related Service ${key}`;
  const isEmpty = podsOf(service, port, objects.services).kind === "none";
  return {
    kind: "valid",
    backend,
    port,
    tls,
    unavailable: isEmpty ? { reason: "EndpointsNotFound", message } : undefined,
  };
}

/** The reason why a policy trusts nobody: its first reference that cannot be used. */
function mistrust(policy: CustomResource, objects: GatewayObjects): string {
  const trusted = trustedBy(policy, objects);
  const [fault] = trusted === "system" ? [] : trusted.faults;
  return fault?.message ?? "no ca found in referred configmaps";
}
