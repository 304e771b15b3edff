import type { RecordedSet } from "../../answers/recorded.ts";
import type { GivenObject } from "../given.ts";

/** An EndpointSlice whose endpoints are pods. */
export interface SliceObject extends GivenObject {
  readonly metadata: GivenObject["metadata"] & { readonly labels?: Readonly<Record<string, string>> };
  readonly endpoints: readonly object[];
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: "TCP" }[];
}

export const SERVICE_LABEL = "kubernetes.io/service-name";

/** Ports of the laboratory's pods; those from `tls` on speak TLS. */
export const POD_PORTS = { first: 8080, tls: 8443, last: 8444 } as const;

/** The slices of a set, and one for each Service that has pods. */
export function slicesOf(set: RecordedSet): readonly SliceObject[] {
  const written = set.objects.filter(isSlice).map(withPods);
  const made = set.objects.filter(({ kind }) => kind === "Service").flatMap((each) => sliceOf(each, set));
  return [...written, ...made];
}

export function isSlice(object: GivenObject): object is SliceObject {
  return object.kind === "EndpointSlice";
}

export function podName(slice: SliceObject, at: number): string {
  return `${slice.metadata.name}-${at}`;
}

/** Pods of a Service: as many as recorded, at the recorded addresses. */
function sliceOf({ metadata, spec }: GivenObject, set: RecordedSet): readonly SliceObject[] {
  const { name, namespace = "default" } = metadata;
  const service = `${namespace}/${name}`;
  const ports = spec?.ports ?? [];
  if (spec?.type === "ExternalName" || ports.length === 0 || set.noEndpoints?.includes(service) === true)
    return [];
  const addresses = set.addresses?.[service] ?? [SOME_ADDRESS];
  const slice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name, namespace, labels: { [SERVICE_LABEL]: name } },
    addressType: "IPv4",
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: ports.map((port, at) => ({
      name: port.name ?? "",
      port: containerPort(port.targetPort, at),
      protocol: "TCP" as const,
    })),
  };
  return [withPods(slice)];
}

/** Of a pod whose address is not recorded. */
const SOME_ADDRESS = "198.18.0.200";

function containerPort(targetPort: number | string | undefined, at: number): number {
  const { first, last } = POD_PORTS;
  return typeof targetPort === "number" && targetPort >= first && targetPort <= last
    ? targetPort
    : first + at;
}

function withPods(slice: SliceObject): SliceObject {
  const { namespace } = slice.metadata;
  return {
    ...slice,
    endpoints: slice.endpoints.map((each, at) => ({
      ...each,
      targetRef: { kind: "Pod", namespace, name: podName(slice, at) },
    })),
  };
}
