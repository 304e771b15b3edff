import { asList, asMap, asMaps, asText, type Json, type KubeObject } from "../object.ts";
import type { ResourceType } from "../resource-type.ts";
import type { World } from "../world.ts";

/** Defaults of a Service, its addresses and node ports included. */
export function serviceDefaults(
  world: World,
  type: ResourceType,
  service: KubeObject,
  before: KubeObject | undefined,
): KubeObject {
  const spec = asMap(service.spec);
  const kind = asText(spec.type) || "ClusterIP";
  const external = kind === "NodePort" || kind === "LoadBalancer";
  const taken = takenOf(world.store.list(type));
  const known = asMap(before?.spec);
  const ports = asMaps(spec.ports).map((port) => portDefaults(port, external, asMaps(known.ports), taken));
  const filled: Json = {
    ...spec,
    ...(spec.ports === undefined ? {} : { ports }),
    type: kind,
    sessionAffinity: spec.sessionAffinity ?? "None",
    ...(kind === "ExternalName" ? {} : addressing(spec, known, taken)),
    ...(external ? { externalTrafficPolicy: spec.externalTrafficPolicy ?? "Cluster" } : {}),
    ...(kind === "LoadBalancer"
      ? { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true }
      : {}),
  };
  return { ...service, spec: filled, status: service.status ?? { loadBalancer: {} } };
}

function addressing(spec: Json, known: Json, taken: Taken): Json {
  const address = asText(spec.clusterIP) || asText(known.clusterIP) || freeAddress(taken);
  const own = asList(spec.clusterIPs);
  return {
    clusterIP: address,
    clusterIPs: own.length > 0 && own[0] === address ? own : [address],
    ipFamilies: spec.ipFamilies ?? ["IPv4"],
    ipFamilyPolicy: spec.ipFamilyPolicy ?? "SingleStack",
    internalTrafficPolicy: spec.internalTrafficPolicy ?? "Cluster",
  };
}

interface Taken {
  readonly addresses: Set<string>;
  readonly nodePorts: Set<number>;
}

function takenOf(services: readonly KubeObject[]): Taken {
  const specs = services.map((service) => asMap(service.spec));
  return {
    addresses: new Set(specs.map((spec) => asText(spec.clusterIP))),
    nodePorts: new Set(specs.flatMap((spec) => asMaps(spec.ports).map((port) => Number(port.nodePort)))),
  };
}

function portDefaults(port: Json, external: boolean, known: readonly Json[], taken: Taken): Json {
  const before = known.find((one) => one.port === port.port);
  return {
    ...port,
    protocol: port.protocol ?? "TCP",
    targetPort: port.targetPort ?? port.port,
    ...(external ? { nodePort: port.nodePort ?? before?.nodePort ?? freeNodePort(taken) } : {}),
  };
}

function freeAddress(taken: Taken): string {
  for (let at = 1; ; at++) {
    const address = `10.96.${at >> 8}.${at & 255}`;
    if (!taken.addresses.has(address)) return address;
  }
}

function freeNodePort(taken: Taken): number {
  let port = 30_000;
  while (taken.nodePorts.has(port)) port++;
  taken.nodePorts.add(port);
  return port;
}
