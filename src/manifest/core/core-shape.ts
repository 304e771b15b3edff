import type { Workload } from "../../model/resource.ts";
import { OBJECT_META } from "../meta-shape.ts";
import {
  ANY,
  BOOL,
  BYTES_MAP,
  INT_OR_STRING,
  INT32,
  openStruct,
  type Shape,
  STRING,
  STRING_MAP,
  STRINGS,
  type Struct,
  sliceOf,
  struct,
} from "../shape.ts";

const TOP: Readonly<Record<string, Shape>> = { apiVersion: STRING, kind: STRING, metadata: OBJECT_META };

/** source: k8s.io/api `core/v1` */
export const SERVICE: Struct = struct("v1.Service", {
  ...TOP,
  spec: struct("v1.ServiceSpec", {
    ports: sliceOf(
      struct("v1.ServicePort", {
        name: STRING,
        protocol: STRING,
        appProtocol: STRING,
        port: INT32,
        targetPort: INT_OR_STRING,
        nodePort: INT32,
      }),
    ),
    selector: STRING_MAP,
    clusterIP: STRING,
    clusterIPs: STRINGS,
    type: STRING,
    externalIPs: STRINGS,
    sessionAffinity: STRING,
    loadBalancerIP: STRING,
    loadBalancerSourceRanges: STRINGS,
    externalName: STRING,
    externalTrafficPolicy: STRING,
    healthCheckNodePort: INT32,
    publishNotReadyAddresses: BOOL,
    sessionAffinityConfig: ANY,
    ipFamilies: STRINGS,
    ipFamilyPolicy: STRING,
    allocateLoadBalancerNodePorts: BOOL,
    loadBalancerClass: STRING,
    internalTrafficPolicy: STRING,
    trafficDistribution: STRING,
  }),
  status: ANY,
});

export const NAMESPACE: Struct = struct("v1.Namespace", {
  ...TOP,
  spec: struct("v1.NamespaceSpec", { finalizers: STRINGS }),
  status: ANY,
});

export const ENDPOINT_SLICE: Struct = struct("v1.EndpointSlice", {
  ...TOP,
  addressType: STRING,
  endpoints: sliceOf(
    struct("v1.Endpoint", {
      addresses: STRINGS,
      conditions: struct("v1.EndpointConditions", { ready: BOOL, serving: BOOL, terminating: BOOL }),
      hostname: STRING,
      targetRef: ANY,
      deprecatedTopology: STRING_MAP,
      nodeName: STRING,
      zone: STRING,
      hints: ANY,
    }),
  ),
  ports: sliceOf(
    struct("v1.EndpointPort", { name: STRING, protocol: STRING, port: INT32, appProtocol: STRING }),
  ),
});

export const SECRET: Struct = struct("v1.Secret", {
  ...TOP,
  immutable: BOOL,
  data: BYTES_MAP,
  stringData: STRING_MAP,
  type: STRING,
});

export const CONFIG_MAP: Struct = struct("v1.ConfigMap", {
  ...TOP,
  immutable: BOOL,
  data: STRING_MAP,
  binaryData: BYTES_MAP,
});

const POD_TEMPLATE = openStruct("v1.PodTemplateSpec", {
  metadata: OBJECT_META,
  spec: openStruct("v1.PodSpec", {
    containers: sliceOf(
      openStruct("v1.Container", {
        name: STRING,
        image: STRING,
        command: STRINGS,
        args: STRINGS,
        ports: sliceOf(
          struct("v1.ContainerPort", {
            name: STRING,
            hostPort: INT32,
            containerPort: INT32,
            protocol: STRING,
            hostIP: STRING,
          }),
        ),
      }),
    ),
  }),
});

/** Only the fields that are read. */
export const WORKLOAD = (kind: Workload["kind"]): Struct =>
  struct(`v1.${kind}`, {
    ...TOP,
    spec: openStruct(`v1.${kind}Spec`, { replicas: INT32, template: POD_TEMPLATE }),
    status: ANY,
  });
