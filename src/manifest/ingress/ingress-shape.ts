import { OBJECT_META } from "../meta-shape.ts";
import { ANY, INT_OR_STRING, INT32, STRING, STRINGS, type Struct, sliceOf, struct } from "../shape.ts";

/**
 * Go types of Ingress and IngressClass: k8s.io/api `networking/v1`, `networking/v1beta1`,
 * `extensions/v1beta1`.
 */
const REFERENCE = struct("v1.TypedLocalObjectReference", { apiGroup: STRING, kind: STRING, name: STRING });

const BACKEND = struct("v1.IngressBackend", {
  service: struct("v1.IngressServiceBackend", {
    name: STRING,
    port: struct("v1.ServiceBackendPort", { name: STRING, number: INT32 }),
  }),
  resource: REFERENCE,
});

const OLD_BACKEND = struct("v1beta1.IngressBackend", {
  serviceName: STRING,
  servicePort: INT_OR_STRING,
  resource: REFERENCE,
});

function ingress(version: "v1" | "v1beta1", backend: Struct, defaultBackend: string): Struct {
  const path = struct(`${version}.HTTPIngressPath`, { path: STRING, pathType: STRING, backend });
  const rule = struct(`${version}.IngressRule`, {
    host: STRING,
    http: struct(`${version}.HTTPIngressRuleValue`, { paths: sliceOf(path) }),
  });
  const spec = struct(`${version}.IngressSpec`, {
    ingressClassName: STRING,
    [defaultBackend]: backend,
    tls: sliceOf(struct(`${version}.IngressTLS`, { hosts: STRINGS, secretName: STRING })),
    rules: sliceOf(rule),
  });
  return struct(`${version}.Ingress`, {
    apiVersion: STRING,
    kind: STRING,
    metadata: OBJECT_META,
    spec,
    status: ANY,
  });
}

export const INGRESS = ingress("v1", BACKEND, "defaultBackend");

export const OLD_INGRESS = ingress("v1beta1", OLD_BACKEND, "backend");

export const INGRESS_CLASS = struct("v1.IngressClass", {
  apiVersion: STRING,
  kind: STRING,
  metadata: OBJECT_META,
  spec: struct("v1.IngressClassSpec", {
    controller: STRING,
    parameters: struct("v1.IngressClassParametersReference", {
      apiGroup: STRING,
      kind: STRING,
      name: STRING,
      scope: STRING,
      namespace: STRING,
    }),
  }),
});
