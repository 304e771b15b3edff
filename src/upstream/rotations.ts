import type { BackendProtocol } from "../model/route/transport.ts";
import type { Resolution, Upstream } from "../model/upstream.ts";
import type { Destination } from "./destination.ts";
import type { PodUpstreams } from "./pod-upstreams.ts";
import type { Rotation } from "./rotation.ts";
import type { Upstreams } from "./upstreams.ts";

type Protocol = Upstream["protocol"];

const SPOKEN = {
  HTTP: "http",
  AUTO_HTTP: "http",
  HTTPS: "https",
  GRPC: "grpc",
  GRPCS: "grpcs",
  FCGI: "fcgi",
} as const satisfies Record<BackendProtocol, Protocol>;

/** The echo service speaks no TLS, even for pods that would. */
const SPOKEN_BY_ECHO = {
  HTTP: "http",
  AUTO_HTTP: "http",
  HTTPS: "http",
  GRPC: "grpc",
  GRPCS: "grpc",
  FCGI: "http",
} as const satisfies Record<BackendProtocol, Protocol>;

/** A backend's rotations, each made when somebody first asks for its protocol. */
export interface Rotations {
  by(protocol: BackendProtocol): Rotation;
}

export function rotationsTo(
  destination: Destination,
  upstreams: Upstreams,
  cluster: PodUpstreams | undefined,
): Rotations {
  switch (destination.kind) {
    case "address": {
      const { target, named } = destination;
      return rotationsOf(SPOKEN, (protocol) => [upstreams.address(target, protocol, { named })]);
    }
    case "endpoints":
      return rotationsOf(SPOKEN, (protocol) => endpointsOf(destination, protocol, upstreams, cluster));
    case "pods":
      return rotationsOf(SPOKEN_BY_ECHO, (protocol) => upstreams.pods(destination, protocol));
    case "none":
      return rotationsOf(SPOKEN, () => [destination]);
  }
}

/** The same for other choices. */
export function rotationsWith(
  rotations: Rotations,
  choose: (choices: readonly Resolution[]) => readonly Resolution[],
): Rotations {
  const made = new Map<Rotation, Rotation>();
  return {
    by: (protocol) => {
      const before = rotations.by(protocol);
      const rotation = made.get(before) ?? { choices: choose(before.choices), next: 0 };
      made.set(before, rotation);
      return rotation;
    },
  };
}

function rotationsOf<P extends Protocol>(
  spoken: Readonly<Record<BackendProtocol, P>>,
  choicesBy: (protocol: P) => readonly Resolution[],
): Rotations {
  const made: Partial<Record<Protocol, Rotation>> = {};
  return {
    by: (protocol) => {
      const own = spoken[protocol];
      const known = made[own];
      if (known !== undefined) return known;
      const rotation = { choices: choicesBy(own), next: 0 };
      made[own] = rotation;
      return rotation;
    },
  };
}

/** Advice for an address that perhaps only the cluster can reach. */
const NO_POD =
  "It is an address of an EndpointSlice without a pod, so this computer connects to it as the controller would: where only the cluster reaches it, --map the Service to something that runs here.";

function endpointsOf(
  { endpoints }: Extract<Destination, { kind: "endpoints" }>,
  protocol: Protocol,
  upstreams: Upstreams,
  cluster: PodUpstreams | undefined,
): readonly Resolution[] {
  return endpoints.flatMap((endpoint): Resolution[] => {
    if (endpoint.kind === "pod") return cluster === undefined ? [] : [cluster.of(endpoint, protocol)];
    const target = { protocol: "http", host: endpoint.host, port: endpoint.port, basePath: "" } as const;
    return [upstreams.address(target, protocol, { advice: NO_POD })];
  });
}
