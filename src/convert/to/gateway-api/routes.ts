import type { Ingress, IngressRule } from "../../../model/resource.ts";
import { kept, type Made, type MadeFields, type MadeObject } from "../made.ts";
import type { IngressSource } from "../sources.ts";
import { GATEWAY_VERSION, type GatewayDraft, listenerOf } from "./listeners.ts";
import { type FreshNames, hostInName } from "./names.ts";
import {
  backendRef,
  pathMatch,
  type RuleDraft,
  ruleFields,
  type ServicesByName,
  withoutFields,
} from "./rules.ts";

/** What routes are made with. */
export interface RouteWorld {
  readonly gateway: GatewayDraft;
  readonly services: ServicesByName;
  readonly names: FreshNames;
  /** Hosts whose requests by http are all sent to https. */
  readonly redirected: ReadonlySet<string>;
}

/** Hosts with the same rules: one HTTPRoute. */
interface HostGroup {
  /** `""`: every host */
  readonly hosts: readonly { readonly host: string; readonly field: string }[];
  readonly rules: readonly RuleDraft[];
  readonly listeners: "http" | "both" | "https";
}

/** The API server takes no more rules and hosts of a route. */
const MOST = 16;

/** `undefined`: a backend cannot be named, at this field. */
export function routesOf(
  source: IngressSource,
  world: RouteWorld,
): readonly MadeObject[] | { readonly field: string } {
  const { ingress } = source;
  const groups = groupsOf(ingress, world);
  if (!Array.isArray(groups)) return groups as { readonly field: string };
  const isOne = groups.length === 1;
  return (groups as readonly HostGroup[]).flatMap((group) => {
    const [first] = group.hosts;
    const host = first === undefined || first.host === "" ? "any" : hostInName(first.host);
    return written(ingress, isOne ? ingress.metadata.name : `${ingress.metadata.name}-${host}`, group, world);
  });
}

function groupsOf(ingress: Ingress, world: RouteWorld): readonly HostGroup[] | { readonly field: string } {
  const byRules = new Map<string, HostGroup & { hosts: HostGroup["hosts"][number][] }>();
  const add = (host: string, field: string, rules: readonly RuleDraft[]) => {
    const listeners = listenersFor(host, world);
    const key = `${listeners} ${withoutFields(rules as unknown as Made)} ${host === ""}`;
    const known = byRules.get(key);
    if (known === undefined) byRules.set(key, { hosts: [{ host, field }], rules, listeners });
    else known.hosts.push({ host, field });
  };
  for (const rule of ingress.spec.rules) {
    const rules = rulesOf(ingress, rule, world.services);
    if ("field" in rules) return rules;
    if (rules.length > 0) add(rule.host, `${rule.field}.host`, rules);
  }
  const { defaultBackend } = ingress.spec;
  if (defaultBackend !== undefined) {
    const field = "spec.defaultBackend";
    const ref = backendRef(defaultBackend, ingress.metadata.namespace, field, world.services);
    if (ref === undefined) return { field };
    add("", field, [{ field, matches: [], filters: [], backendRefs: [ref] }]);
  }
  return [...byRules.values()];
}

function listenersFor(host: string, { gateway, redirected }: RouteWorld): HostGroup["listeners"] {
  if (host === "" || listenerOf(gateway, host) === undefined) return "http";
  return redirected.has(host) ? "https" : "both";
}

function rulesOf(
  { metadata: { namespace } }: Ingress,
  { paths = [] }: IngressRule,
  services: ServicesByName,
): readonly RuleDraft[] | { readonly field: string } {
  const rules: RuleDraft[] = [];
  for (const path of paths) {
    const field = `${path.field}.backend`;
    const ref = backendRef(path.backend, namespace, field, services);
    if (ref === undefined) return { field };
    rules.push({ field: path.field, matches: [pathMatch(path)], filters: [], backendRefs: [ref] });
  }
  return rules;
}

function written(ingress: Ingress, name: string, group: HostGroup, world: RouteWorld): readonly MadeObject[] {
  return chunks(group.rules).flatMap((rules) =>
    chunks(group.hosts).map((hosts): MadeObject => {
      const made = world.names.fresh(ingress.metadata.namespace, name);
      return routeObject(ingress, made, {
        parentRefs: parentsOf(ingress, group, world.gateway),
        hostnames: hostnamesOf(hosts),
        rules: rules.map(ruleFields),
      });
    }),
  );
}

function hostnamesOf(hosts: HostGroup["hosts"]): readonly Made[] | undefined {
  const named = hosts.filter(({ host }) => host !== "");
  return named.length === 0 ? undefined : named.map(({ host, field }) => kept(host, field));
}

export function routeObject({ metadata }: Ingress, name: string, spec: MadeFields): MadeObject {
  return {
    apiVersion: GATEWAY_VERSION,
    kind: "HTTPRoute",
    metadata: {
      name: kept(name, "metadata.name"),
      namespace: metadata.namespace === "default" ? undefined : metadata.namespace,
      labels: metadata.labels.size === 0 ? undefined : Object.fromEntries(metadata.labels),
    },
    spec,
  };
}

/** A Gateway without https needs no listener's name. */
function parentsOf(
  ingress: Ingress,
  { hosts, listeners }: HostGroup,
  gateway: GatewayDraft,
): readonly MadeFields[] {
  const parent = (sectionName?: string) => parentRef(ingress, gateway, sectionName);
  if (listeners === "both" || gateway.listeners.length === 0) return [parent()];
  if (listeners === "http") return [parent("http")];
  const names = new Set(hosts.map(({ host }) => listenerOf(gateway, host)?.name));
  return [...names].map(parent);
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
