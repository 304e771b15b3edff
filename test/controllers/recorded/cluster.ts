import { connect } from "node:net";
import type { PodForwards } from "../../../src/upstream/port-forward/forwards.ts";
import type { RecordedSet } from "../../answers/recorded.ts";
import type { GivenObject } from "../given.ts";
import type { Pods } from "../pods.ts";
import { isSlice, POD_PORTS, podName, SERVICE_LABEL, type SliceObject, slicesOf } from "./slices.ts";

/** The pods of a set, as a cluster has them. */
export interface RecordedCluster {
  /** The set's objects with an EndpointSlice for each Service that has pods. */
  readonly objects: readonly GivenObject[];
  readonly forwards: PodForwards;
  /** The address of the pod that authenticates, as it is here. */
  readonly local: (text: string) => string;
  /** What is written here, as it was in the recordings. */
  readonly recorded: (text: string) => string;
  /** The Service port behind a pod's port on this machine. */
  readonly serviceAt: (port: number) => ServicePort | undefined;
}

interface ServicePort {
  readonly service: string;
  readonly port: number;
}

/** A pod of the laboratory that authenticates. */
const AUTH = { address: "127.0.0.1:19001", place: { service: "default/auth", port: 8085 } } as const;
/** Nothing listens there. */
const DOWN = { there: "198.18.0.1:9/", here: "127.0.0.1:9/" } as const;
/** What the controller calls itself. */
const OWN_NAME = { here: "traefik-0", there: "HOSTNAME" } as const;

/** `client`: the address of the client, as it is here. */
export function recordedCluster(
  set: RecordedSet,
  pods: Pods,
  isTls: (port: number) => boolean,
  client?: string,
): RecordedCluster {
  const slices = slicesOf(set);
  const behind = servicePorts(slices, set);
  const authPort = pods.ports[0] ?? 0;
  const serviceAt = new Map<number, ServicePort>([[authPort, AUTH.place]]);
  const opened = new Map<string, number>();
  /** The next free port of this machine's pods, once for each port of a pod. */
  const localPort = (key: string, place: ServicePort, port: number) => {
    const free = isTls(port) ? pods.tlsPorts : pods.ports;
    const known = opened.get(key) ?? free.find((each) => !serviceAt.has(each));
    if (known === undefined) throw new Error("there are too few pods");
    opened.set(key, known);
    serviceAt.set(known, place);
    return known;
  };
  return {
    objects: [...set.objects.filter((each) => !isSlice(each)), ...slices],
    serviceAt: (port) => serviceAt.get(port),
    local: (text) => text.replaceAll(AUTH.address, `127.0.0.1:${authPort}`).replaceAll(DOWN.there, DOWN.here),
    recorded(text) {
      if (text === OWN_NAME.here) return OWN_NAME.there;
      const known = text.replaceAll(`127.0.0.1:${authPort}`, AUTH.address);
      return client === undefined ? known : known.replaceAll(client, "127.0.0.1");
    },
    forwards: {
      open: ({ namespace, pod, port }) =>
        new Promise((resolve, reject) => {
          const key = `${namespace}/${pod}:${port}`;
          const place = behind.get(key);
          // Nothing listened on other ports there.
          if (place === undefined || port < POD_PORTS.first || port > POD_PORTS.last) {
            reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
            return;
          }
          const socket = connect({ host: "127.0.0.1", port: localPort(key, place, port) });
          socket.once("connect", () => resolve(socket)).once("error", reject);
        }),
      keep: () => undefined,
      close: () => undefined,
    },
  };
}

/** The Service port of each port of a pod, `NAMESPACE/POD:PORT`; the first that names it. */
function servicePorts(
  slices: readonly SliceObject[],
  { objects }: RecordedSet,
): ReadonlyMap<string, ServicePort> {
  const services = objects.filter(({ kind }) => kind === "Service");
  const found = new Map<string, ServicePort>();
  for (const slice of slices) {
    const { namespace = "default", labels = {} } = slice.metadata;
    const name = labels[SERVICE_LABEL];
    const service = services.find(
      ({ metadata }) => metadata.name === name && (metadata.namespace ?? "default") === namespace,
    );
    for (const at of slice.endpoints.keys())
      for (const { name: portName, port } of slice.ports) {
        const key = `${namespace}/${podName(slice, at)}:${port}`;
        const served = service?.spec?.ports?.find((each) => (each.name ?? "") === portName);
        if (served !== undefined && !found.has(key))
          found.set(key, { service: `${namespace}/${name}`, port: served.port });
      }
  }
  return found;
}
