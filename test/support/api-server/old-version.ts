import { asMap, asMaps, isMap, type Json, type KubeObject } from "./object.ts";
import { groupVersion, type ResourceType } from "./resource-type.ts";

/**
 * An object as its version writes it. Objects are kept as `v1`; Ingresses of `networking.k8s.io/v1beta1` have `serviceName`,
 * `servicePort` and `spec.backend` (https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122).
 */
export function toServed(type: ResourceType, object: KubeObject): KubeObject {
  const served = { ...object, apiVersion: groupVersion(type), kind: type.kind };
  if (type.kind !== "Ingress" || type.version === "v1") return served;
  const { defaultBackend, ...spec } = asMap(object.spec);
  const backend = defaultBackend === undefined ? {} : { backend: oldBackend(asMap(defaultBackend)) };
  return { ...served, spec: mapPaths({ ...spec, ...backend }, oldPath) };
}

/** The same, back: an object of either version as it is kept. */
export function toKept(type: ResourceType, object: Json): Json {
  if (type.kind !== "Ingress" || type.version === "v1" || !isMap(object.spec)) return object;
  const { backend, ...spec } = object.spec;
  const fallback = backend === undefined ? {} : { defaultBackend: newBackend(asMap(backend)) };
  return { ...object, spec: mapPaths({ ...spec, ...fallback }, newPath) };
}

function mapPaths(spec: Json, change: (path: Json) => Json): Json {
  if (!Array.isArray(spec.rules)) return spec;
  const rules = asMaps(spec.rules).map((rule) => {
    if (!isMap(rule.http)) return rule;
    return { ...rule, http: { ...rule.http, paths: asMaps(rule.http.paths).map(change) } };
  });
  return { ...spec, rules };
}

function oldPath(path: Json): Json {
  return { ...path, backend: oldBackend(asMap(path.backend)) };
}

function newPath(path: Json): Json {
  return { pathType: "ImplementationSpecific", ...path, backend: newBackend(asMap(path.backend)) };
}

function oldBackend(backend: Json): Json {
  const { service, ...rest } = backend;
  if (!isMap(service)) return rest;
  const port = asMap(service.port);
  return { ...rest, serviceName: service.name, servicePort: port.name ?? port.number };
}

function newBackend(backend: Json): Json {
  const { serviceName, servicePort, ...rest } = backend;
  if (serviceName === undefined) return rest;
  const port = typeof servicePort === "string" ? { name: servicePort } : { number: servicePort };
  return { ...rest, service: { name: serviceName, port } };
}
