import {
  type Json,
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../model/json.ts";
import type { CustomResource } from "../../model/resource.ts";
import type { ReadGateway } from "./gateways.ts";
import { gatewayListeners } from "./listeners.ts";
import type { GatewayObjects } from "./objects.ts";

/** Routes whose port is told by their protocol; those of TCP and UDP may have any. */
const ROUTES = ["HTTPRoute", "GRPCRoute"] as const;

const SECURE = /https|tls|ssl|secure/i;
const TLS_PORTS: readonly number[] = [443, 8443];

interface Named {
  /** The first route that names the Gateway. */
  readonly route: CustomResource;
  readonly namespace: string;
  readonly name: string;
  /** By `PROTOCOL PORT`, with the names that routes have for a listener. */
  readonly listeners: Map<string, Set<string>>;
}

/**
 * The Gateways that routes name, for files that hold no Gateway at all: who runs the cluster has them elsewhere.
 * Each is taken to listen on 80 and 443, or on the ports that routes name, for every host and namespace.
 */
export function assumedGateways(objects: GatewayObjects): readonly ReadGateway[] {
  const named = new Map<string, Named>();
  for (const route of ROUTES.flatMap((kind) => objects.all(kind)))
    for (const item of jsonItems(route.spec.parentRefs)) note(named, route, jsonFields(item));
  return [...named.values()].map((each) => {
    const gateway = gatewayOf(each);
    const listeners = gatewayListeners(gateway, objects).map((listener) => ({
      ...listener,
      alsoNamed: each.listeners.get(keyOf(listener)),
    }));
    return { gateway, kind: "assumed", namedBy: each.route, listeners };
  });
}

function note(named: Map<string, Named>, route: CustomResource, ref: JsonObject): void {
  if ((jsonString(ref.kind) ?? "Gateway") !== "Gateway") return;
  const namespace = jsonString(ref.namespace) ?? route.metadata.namespace;
  const name = jsonString(ref.name) ?? "";
  const key = `${namespace}/${name}`;
  const gateway = named.get(key) ?? { route, namespace, name, listeners: new Map<string, Set<string>>() };
  named.set(key, gateway);
  const section = jsonString(ref.sectionName);
  for (const listener of listenersFor(section, jsonNumber(ref.port))) {
    const names = gateway.listeners.get(keyOf(listener)) ?? new Set();
    gateway.listeners.set(keyOf(listener), section === undefined ? names : names.add(section));
  }
}

interface Listener {
  readonly protocol: string;
  readonly port: number;
}

function listenersFor(section: string | undefined, port: number | undefined): readonly Listener[] {
  const plain = { protocol: "HTTP", port: port ?? 80 };
  const secure = { protocol: "HTTPS", port: port ?? 443 };
  if (port !== undefined) return [TLS_PORTS.includes(port) ? secure : plain];
  if (section === undefined) return [plain, secure];
  return [SECURE.test(section) ? secure : plain];
}

function keyOf({ protocol, port }: Listener): string {
  return `${protocol} ${port}`;
}

function gatewayOf({ route, namespace, name, listeners }: Named): CustomResource {
  const written: readonly Json[] = [...listeners.keys()].map((key) => {
    const [protocol = "", port = ""] = key.split(" ");
    const isUsual = port === "80" || port === "443";
    return {
      name: isUsual ? protocol.toLowerCase() : `${protocol.toLowerCase()}-${port}`,
      ...{ protocol, port: Number(port), allowedRoutes: { namespaces: { from: "All" } } },
      ...(protocol === "HTTPS" ? { tls: { certificateRefs: [{ name: `${name}-tls` }] } } : {}),
    };
  });
  return {
    kind: "Gateway",
    apiVersion: "gateway.networking.k8s.io/v1",
    metadata: { name, namespace, labels: new Map(), annotations: new Map() },
    origin: route.origin,
    spec: { listeners: written },
  };
}
