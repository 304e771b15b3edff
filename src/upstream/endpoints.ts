import type { EndpointSlice, Pod, Service, ServicePort } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ServiceIndex } from "../service/index.ts";
import { none } from "../service/pods.ts";

export interface PodEndpoint {
  readonly kind: "pod";
  readonly namespace: string;
  readonly pod: string;
  /** `""`: pods are not known. */
  readonly uid: string;
  /** The container's port. */
  readonly port: number;
  /** Its address in the cluster. default: unknown */
  readonly host?: string | undefined;
}

export type ServiceEndpoint =
  | PodEndpoint
  /** Not a pod of the cluster: connected from this computer, as the controller does. */
  | { readonly kind: "address"; readonly host: string; readonly port: number };

export type ServiceEndpoints =
  | { readonly kind: "endpoints"; readonly endpoints: readonly ServiceEndpoint[] }
  | { readonly kind: "none"; readonly why: string };

interface Unfit {
  unready: number;
  terminating: number;
}

/**
 * The ready endpoints of a Service's EndpointSlices (ingress-nginx `endpointslices.go`, getEndpointsFromSlices), less
 * the pods that are terminating.
 *
 * A Service on disk may be absent from the cluster or different there. Then its selector and targetPort are matched
 * with the pods themselves.
 */
export function endpointsOf(service: Service, port: ServicePort, index: ServiceIndex): ServiceEndpoints {
  const unfit: Unfit = { unready: 0, terminating: 0 };
  const isOnDisk = service.origin.document > 0;
  const hasSelector = service.selector !== undefined && service.selector.size > 0;
  const endpoints =
    isOnDisk && hasSelector && index.knowsPods
      ? fromPods(index.pods(service), port, unfit)
      : fromSlices(index.slices(service), port, index, unfit);
  return endpoints.length === 0
    ? none(service, inWords(unfit, hasSelector))
    : {
        kind: "endpoints",
        endpoints: [...new Map(endpoints.map((endpoint) => [keyOf(endpoint), endpoint])).values()],
      };
}

/** Tells a pod from every other one. */
export function podKey({ namespace, pod, uid }: Omit<PodEndpoint, "kind" | "port">): string {
  return `${namespace}/${pod} ${uid}`;
}

export function podKeyOf({ metadata, uid }: Pod): string {
  return podKey({ namespace: metadata.namespace, pod: metadata.name, uid });
}

export function servingPods(snapshot: Snapshot): ReadonlySet<string> {
  const pods = new Map(snapshot.pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]));
  const serving = new Set<string>();
  const add = (namespace: string, pod: string, ready: boolean) => {
    const known = pods.get(`${namespace}/${pod}`);
    if (ready && known?.terminating !== true) serving.add(podKey({ namespace, pod, uid: known?.uid ?? "" }));
  };
  for (const { metadata, ready } of snapshot.pods) add(metadata.namespace, metadata.name, ready);
  for (const { metadata, endpoints } of snapshot.endpointSlices)
    for (const { pod, ready, terminating } of endpoints)
      if (pod !== undefined) add(metadata.namespace, pod, ready && !terminating);
  return serving;
}

function fromPods(pods: readonly Pod[], port: ServicePort, unfit: Unfit): ServiceEndpoint[] {
  return pods.flatMap((pod): ServiceEndpoint[] => {
    const target = containerPort(pod, port);
    if (target === undefined || !isFit(pod, unfit)) return [];
    const { name, namespace } = pod.metadata;
    return [{ kind: "pod", namespace, pod: name, uid: pod.uid, port: target }];
  });
}

/** kubernetes `FindPort`: a number is taken as it is, a name is a container port's. */
function containerPort(pod: Pod, { targetPort }: ServicePort): number | undefined {
  if (typeof targetPort === "number") return targetPort;
  if (/^\d+$/.test(targetPort)) return Number(targetPort);
  return pod.containerPorts.find(({ name, protocol }) => name === targetPort && protocol === "TCP")?.port;
}

function fromSlices(
  slices: readonly EndpointSlice[],
  port: ServicePort,
  index: ServiceIndex,
  unfit: Unfit,
): ServiceEndpoint[] {
  return slices.flatMap((slice) =>
    slice.endpoints.flatMap((endpoint): ServiceEndpoint[] => {
      const { namespace } = slice.metadata;
      const pod = endpoint.pod === undefined ? undefined : index.pod(namespace, endpoint.pod);
      const terminating = endpoint.terminating || pod?.terminating === true;
      if (!isFit({ ready: endpoint.ready, terminating }, unfit)) return [];
      return targetsOf(slice, port).flatMap((target): ServiceEndpoint[] =>
        endpoint.pod === undefined
          ? endpoint.addresses.map((host) => ({ kind: "address", host, port: target }))
          : [
              {
                kind: "pod",
                namespace,
                pod: endpoint.pod,
                uid: pod?.uid ?? "",
                port: target,
                host: endpoint.addresses[0],
              },
            ],
      );
    }),
  );
}

/** The ports of a slice that a Service's port means; its own targetPort when the slice names none, or others. */
function targetsOf({ ports }: EndpointSlice, { name, targetPort }: ServicePort): readonly number[] {
  const numeric = typeof targetPort === "number" ? targetPort : 0;
  const targets =
    ports.length === 0
      ? [numeric]
      : ports.map((own) => (name === "" || name === own.name ? own.port : numeric));
  return [...new Set(targets)].filter((target) => target > 0);
}

function isFit({ ready, terminating }: { ready: boolean; terminating: boolean }, unfit: Unfit): boolean {
  if (terminating) unfit.terminating += 1;
  else if (!ready) unfit.unready += 1;
  return ready && !terminating;
}

function inWords({ unready, terminating }: Unfit, hasSelector: boolean): string {
  const counts = [
    ...(unready === 0 ? [] : [`${unready} ${unready === 1 ? "is" : "are"} not ready`]),
    ...(terminating === 0 ? [] : [`${terminating} ${terminating === 1 ? "is" : "are"} being terminated`]),
  ];
  if (counts.length > 0) return `the Service has no ready pod (${counts.join(", ")})`;
  return hasSelector
    ? "the Service has no ready pod (its selector matches none that has the port)"
    : "it has no selector, and no EndpointSlice names an address for the port";
}

function keyOf(endpoint: ServiceEndpoint): string {
  return endpoint.kind === "pod" ? `${endpoint.pod} ${endpoint.port}` : `${endpoint.host}:${endpoint.port}`;
}
