import type { EndpointSlice, Pod, Service, ServicePort } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ServiceIndex } from "../service/index.ts";
import { none } from "../service/pods.ts";

/** A pod's port. */
export interface PodEndpoint {
  readonly kind: "pod";
  readonly namespace: string;
  readonly pod: string;
  /** `""` where pods are not known. */
  readonly uid: string;
  /** Of the container. */
  readonly port: number;
}

/** One place where a Service's requests may go in a cluster. */
export type Endpoint =
  | PodEndpoint
  /** No pod of the cluster's: connected to as the controller does, from this computer. */
  | { readonly kind: "address"; readonly host: string; readonly port: number };

/** The endpoints of a Service's port, or why there is none. */
export type Endpoints =
  | { readonly kind: "endpoints"; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: "none"; readonly why: string };

/** How many there are that get no requests. */
interface Unfit {
  unready: number;
  terminating: number;
}

/**
 * Where the requests for a Service's port go in a cluster: to the ready endpoints of its EndpointSlices, as the controller
 * sends them (ingress-nginx `endpointslices.go`, getEndpointsFromSlices), less the pods that are being terminated.
 *
 * A Service that is written on disk may not be in the cluster yet, or not like this: what its selector and targetPort
 * mean is then read off the pods themselves.
 */
export function endpointsOf(service: Service, port: ServicePort, index: ServiceIndex): Endpoints {
  const unfit: Unfit = { unready: 0, terminating: 0 };
  const isOnDisk = service.origin.document > 0;
  const hasSelector = service.selector !== undefined && service.selector.size > 0;
  const endpoints =
    isOnDisk && hasSelector && index.knowsPods
      ? fromPods(index.pods(service), port, unfit)
      : fromSlices(index.slices(service), port, index, unfit);
  return endpoints.length === 0
    ? none(service, inWords(unfit, hasSelector))
    : { kind: "endpoints", endpoints: [...new Map(endpoints.map((one) => [keyOf(one), one])).values()] };
}

/** What tells one pod from every other. */
export function podKey({ namespace, pod, uid }: Omit<PodEndpoint, "kind" | "port">): string {
  return `${namespace}/${pod} ${uid}`;
}

/** The same, of a pod itself. */
export function podKeyOf({ metadata, uid }: Pod): string {
  return podKey({ namespace: metadata.namespace, pod: metadata.name, uid });
}

/** The pods of a snapshot that may be sent requests, by `podKey`. */
export function servingPods(snapshot: Snapshot): ReadonlySet<string> {
  const pods = new Map(snapshot.pods.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
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

function fromPods(pods: readonly Pod[], port: ServicePort, unfit: Unfit): Endpoint[] {
  return pods.flatMap((pod): Endpoint[] => {
    const target = containerPort(pod, port);
    if (target === undefined || !isFit(pod, unfit)) return [];
    const { name, namespace } = pod.metadata;
    return [{ kind: "pod", namespace, pod: name, uid: pod.uid, port: target }];
  });
}

/** kubernetes `FindPort`: a number is taken as it is, a name is that of a container's port. */
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
): Endpoint[] {
  return slices.flatMap((slice) =>
    slice.endpoints.flatMap((endpoint): Endpoint[] => {
      const { namespace } = slice.metadata;
      const pod = endpoint.pod === undefined ? undefined : index.pod(namespace, endpoint.pod);
      const terminating = endpoint.terminating || pod?.terminating === true;
      if (!isFit({ ready: endpoint.ready, terminating }, unfit)) return [];
      return targetsOf(slice, port).flatMap((target): Endpoint[] =>
        endpoint.pod === undefined
          ? endpoint.addresses.map((host) => ({ kind: "address", host, port: target }))
          : [{ kind: "pod", namespace, pod: endpoint.pod, uid: pod?.uid ?? "", port: target }],
      );
    }),
  );
}

/** The ports of a slice that a Service's port means; its own targetPort where the slice names none, or others. */
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

function keyOf(one: Endpoint): string {
  return one.kind === "pod" ? `${one.pod} ${one.port}` : `${one.host}:${one.port}`;
}
