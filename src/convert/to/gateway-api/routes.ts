import type { Ingress } from "../../../model/resource.ts";
import { carriedAnnotations } from "../beside/annotations.ts";
import { kept, type Made, type MadeFields, type MadeObject } from "../made.ts";
import type { RouteHosts, RouteWorld } from "./drafts.ts";
import { GATEWAY_VERSION, type GatewayDraft, listenerOf } from "./listeners.ts";
import { hostInName } from "./names.ts";
import { ruleFields } from "./routes/rules.ts";

/** The API server takes no more rules and hosts of a route. */
const MOST = 16;

/** The HTTPRoutes of an Ingress. */
export function routesOf(
  ingress: Ingress,
  groups: readonly RouteHosts[],
  world: RouteWorld,
): readonly MadeObject[] {
  return groups.flatMap((group) => {
    const [first] = group.hosts;
    const host = first === undefined || first.host === "" ? "any" : hostInName(first.host);
    const { name } = ingress.metadata;
    return written(ingress, groups.length === 1 ? name : `${name}-${host}`, group, world);
  });
}

/** Routes at the listener of http that only redirect. */
export function redirectingRoutes(
  ingress: Ingress,
  group: RouteHosts,
  { gateway, names }: RouteWorld,
): readonly MadeObject[] {
  const { namespace, name } = ingress.metadata;
  return chunks(group.rules).map((rules) =>
    routeObject(ingress, names.fresh(namespace, `${name}-https-redirect`), {
      parentRefs: parentsOf(ingress, group, gateway),
      hostnames: group.hosts.map(({ host }) => host),
      rules: rules.map(ruleFields),
    }),
  );
}

function written(
  ingress: Ingress,
  name: string,
  group: RouteHosts,
  world: RouteWorld,
): readonly MadeObject[] {
  return chunks(group.rules).flatMap((rules) =>
    chunks(group.hosts).map((hosts): MadeObject => {
      const made = world.names.fresh(ingress.metadata.namespace, name);
      const route = routeObject(ingress, made, {
        parentRefs: parentsOf(ingress, group, world.gateway),
        hostnames: hostnamesOf(hosts),
        rules: rules.map(ruleFields),
      });
      return { ...route, metadata: { ...route.metadata, annotations: carriedAnnotations(ingress) } };
    }),
  );
}

function hostnamesOf(hosts: RouteHosts["hosts"]): readonly Made[] | undefined {
  const named = hosts.filter(({ host }) => host !== "");
  return named.length === 0 ? undefined : named.map(({ host, field }) => kept(host, field));
}

export function routeObject(ingress: Ingress, name: string, spec: MadeFields): MadeObject {
  return {
    apiVersion: GATEWAY_VERSION,
    kind: "HTTPRoute",
    metadata: madeMetadata(ingress, kept(name, "metadata.name")),
    spec,
  };
}

/** With the labels of the Ingress. */
export function madeMetadata({ metadata }: Ingress, name: Made): MadeFields {
  return {
    name,
    namespace: metadata.namespace === "default" ? undefined : metadata.namespace,
    labels: metadata.labels.size === 0 ? undefined : Object.fromEntries(metadata.labels),
  };
}

/** A Gateway without https needs no listener's name. */
function parentsOf(
  ingress: Ingress,
  { hosts, listeners }: RouteHosts,
  gateway: GatewayDraft,
): readonly MadeFields[] {
  const parent = (sectionName?: string) => parentRef(ingress, gateway, sectionName);
  if (listeners === "both" || isHttpAlone(gateway)) return [parent()];
  if (listeners === "http") return [parent("http")];
  const names = new Set(hosts.map(({ host }) => listenerOf(gateway, host)?.name));
  return [...names].map(parent);
}

function isHttpAlone({ listeners, passed }: GatewayDraft): boolean {
  return listeners.length === 0 && passed.size === 0;
}

export function parentRef(
  { metadata }: Ingress,
  { name, namespace }: GatewayDraft,
  sectionName: string | undefined,
): MadeFields {
  return { name, namespace: namespace === metadata.namespace ? undefined : namespace, sectionName };
}

export function chunks<T>(list: readonly T[]): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += MOST) parts.push(list.slice(at, at + MOST));
  return parts;
}
