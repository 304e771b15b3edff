import { asMap, asMaps, asText, at, type Json, type KubeObject } from "../object.ts";
import type { ResourceType } from "../resource-type.ts";
import { isDefaultClass } from "../table/networking.ts";
import type { World } from "../world.ts";
import { serviceDefaults } from "./service.ts";
import { deploymentDefaults, podDefaults } from "./workload.ts";

/** The API server's defaults for missing fields, and those of its admission plug-ins. */
export function withDefaults(
  world: World,
  type: ResourceType,
  body: Json,
  before: KubeObject | undefined,
): KubeObject {
  const object = { ...body, kind: type.kind, metadata: asMap(body.metadata) } as KubeObject;
  switch (type.kind) {
    case "Ingress":
      return before === undefined ? withClass(world, withStatus(object)) : object;
    case "Service":
      return serviceDefaults(world, type, object, before);
    case "Secret":
      return secretDefaults(object);
    case "Namespace":
      return namespaceDefaults(object);
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
      return deploymentDefaults(object);
    case "Pod":
      return podDefaults(object);
    case "EndpointSlice":
      return sliceDefaults(object);
    default:
      return object;
  }
}

function withStatus(object: KubeObject): KubeObject {
  return { ...object, status: object.status ?? { loadBalancer: {} } };
}

/** Admission plug-in DefaultIngressClass: an Ingress without a class gets the default one. */
function withClass(world: World, ingress: KubeObject): KubeObject {
  const named = at(ingress, "spec", "ingressClassName") !== undefined;
  if (named || ingress.metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined) return ingress;
  const classes = world.types.find((type) => type.kind === "IngressClass");
  const found = classes === undefined ? undefined : world.store.list(classes).find(isDefaultClass);
  if (found === undefined) return ingress;
  return { ...ingress, spec: { ...asMap(ingress.spec), ingressClassName: found.metadata.name } };
}

function secretDefaults(secret: KubeObject): KubeObject {
  const { stringData, ...rest } = secret;
  const encoded = Object.entries(asMap(stringData)).map(([key, value]) => [
    key,
    Buffer.from(asText(value)).toString("base64"),
  ]);
  const data = { ...asMap(secret.data), ...Object.fromEntries(encoded) };
  return {
    ...(rest as KubeObject),
    type: secret.type ?? "Opaque",
    ...(Object.keys(data).length === 0 ? {} : { data }),
  };
}

function namespaceDefaults(namespace: KubeObject): KubeObject {
  const labels = {
    ...namespace.metadata.labels,
    "kubernetes.io/metadata.name": namespace.metadata.name ?? "",
  };
  return {
    ...namespace,
    metadata: { ...namespace.metadata, labels },
    spec: { finalizers: ["kubernetes"], ...asMap(namespace.spec) },
    status: { phase: "Active", ...asMap(namespace.status) },
  };
}

/** `kubectl describe` crashes on ports without a name (`""`: none). */
function sliceDefaults(slice: KubeObject): KubeObject {
  const ports = asMaps(slice.ports).map((port) => ({ name: "", protocol: "TCP", ...port }));
  return { ...slice, addressType: slice.addressType ?? "IPv4", ports };
}
