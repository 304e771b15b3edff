import type { Ingress, IngressRule } from "../../../model/resource.ts";
import type { Made, MadeFields, MadeObject } from "../made.ts";
import type { HostCertificates } from "../nginx/client-certificates.ts";
import { annotationField } from "../nginx/lost.ts";
import type { ServedPaths } from "../nginx/served-paths.ts";
import type { IngressSource } from "../sources.ts";
import { withCanary } from "./canaries.ts";
import { type GatewayDraft, listenerOf } from "./listeners.ts";
import type { FreshNames } from "./names.ts";
import type { IngressParts } from "./parts.ts";
import { convertedPath } from "./routes/paths.ts";
import { isRedirecting, redirectingRules } from "./routes/redirects.ts";
import { backendRef, type RuleDraft, type ServicesByName, withoutFields } from "./routes/rules.ts";

/** What routes are made with. */
export interface RouteWorld {
  readonly gateway: GatewayDraft;
  readonly services: ServicesByName;
  readonly names: FreshNames;
  /** Hosts whose requests by http are all sent to https. */
  readonly redirected: ReadonlySet<string>;
  /** Hosts whose paths nginx reads as expressions. */
  readonly expressions: ReadonlySet<string>;
  readonly served: ServedPaths;
  /** All that Ingresses name. */
  readonly hosts: ReadonlySet<string>;
  /** Further names of each host, whichever Ingress gives them. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** Names that are redirected to https, with a certificate or without. */
  readonly tlsNames: ReadonlySet<string>;
  /** The demands of hosts on clients. */
  readonly certificates: HostCertificates;
  /** Hosts with a path that takes all others. */
  readonly roots: ReadonlySet<string>;
  /** The oldest Ingress of each host. */
  readonly firsts: ReadonlyMap<string, Ingress>;
  /** Hosts that have a default backend already. */
  readonly fallbacks: Set<string>;
  /** Hosts of "expressions" where a path can be said as an expression alone: all are, or they would come behind it. */
  readonly literal: ReadonlySet<string>;
}

/** Hosts with the same rules: one HTTPRoute. */
export interface RouteHosts {
  /** `""`: every host */
  readonly hosts: readonly { readonly host: string; readonly field: string }[];
  readonly rules: readonly RuleDraft[];
  readonly listeners: "http" | "both" | "https";
}

export interface IngressDrafts {
  readonly groups: readonly RouteHosts[];
  /** Of hosts that other Ingresses serve by http: what only redirects there. */
  readonly redirecting: readonly RouteHosts[];
  /** Expressions that rewrite. */
  readonly filters: readonly MadeObject[];
}

/** Why an Ingress cannot be converted: a clause after the field's name. */
export interface NotConverted {
  readonly field: string;
  readonly why: string;
}

export function draftsOf(
  source: IngressSource,
  parts: IngressParts | undefined,
  world: RouteWorld,
): IngressDrafts | NotConverted {
  const { ingress, nginx } = source;
  const target = nginx?.settings.rewriteTarget?.source ?? "";
  if (parts?.redirect === undefined && /\$(?!\d)|^[^/$]/.test(target))
    return { field: annotationField("rewrite-target"), why: NO_PATH };
  const filters: MadeObject[] = [];
  const byRules = new Map<string, RouteHosts & { hosts: RouteHosts["hosts"][number][] }>();
  const redirecting: RouteHosts[] = [];
  const add = (host: string, field: string, rules: readonly RuleDraft[]) => {
    const isPassed = world.gateway.passed.has(host);
    const served = listenersFor(host, world);
    const isOther = (served === "both" || isPassed) && isRedirecting(source, host, world.gateway);
    // TLS of the host is somebody else's, and http is only redirected.
    if (isPassed && world.redirected.has(host)) return;
    if (isOther)
      redirecting.push({ hosts: [{ host, field: "" }], rules: redirectingRules(rules), listeners: "http" });
    if (isPassed && isOther) return;
    const listeners = isOther ? "https" : served;
    const key = `${listeners} ${withoutFields(rules as unknown as Made)} ${host === ""}`;
    const known = byRules.get(key);
    if (known === undefined) byRules.set(key, { hosts: [{ host, field }], rules, listeners });
    else known.hosts.push({ host, field });
  };
  const fallback = fallbackOf(source, parts, world.services);
  if (fallback !== undefined && "why" in fallback) return fallback;
  for (const rule of ingress.spec.rules) {
    const rules = rulesOf(source, rule, parts, world, filters);
    if ("why" in rules) return rules;
    // ingress-nginx sends what no path of the host takes to the default backend of its oldest Ingress.
    const isOldest = world.firsts.get(rule.host) === ingress && !world.fallbacks.has(rule.host);
    const isFirst = isOldest && !world.roots.has(rule.host);
    const isOwn = nginx !== undefined && isFirst && rule.host !== "" && fallback !== undefined;
    if (isOwn) world.fallbacks.add(rule.host);
    const own = isOwn ? fallback : [];
    if (rules.length + own.length > 0) add(rule.host, `${rule.field}.host`, [...rules, ...own]);
    if (rules.length + own.length > 0)
      for (const alias of world.aliases.get(rule.host) ?? [])
        add(alias, `${rule.field}.host`, [...rules, ...own]);
  }
  // Beside rules it is for their hosts alone there.
  const isForAll = nginx === undefined || (ingress.spec.rules.length === 0 && !world.fallbacks.has(""));
  if (fallback !== undefined && isForAll && !ingress.spec.rules.some(({ host }) => host === "")) {
    // In ingress-nginx the first Ingress without rules has it.
    if (nginx !== undefined) world.fallbacks.add("");
    add("", "spec.defaultBackend", fallback);
  }
  return { groups: [...byRules.values()], redirecting, filters };
}

function listenersFor(host: string, { gateway, redirected }: RouteWorld): RouteHosts["listeners"] {
  if (host === "" || gateway.passed.has(host) || listenerOf(gateway, host) === undefined) return "http";
  return redirected.has(host) ? "https" : "both";
}

function fallbackOf(
  { ingress }: IngressSource,
  parts: IngressParts | undefined,
  services: ServicesByName,
): readonly RuleDraft[] | NotConverted | undefined {
  const { defaultBackend } = ingress.spec;
  if (defaultBackend === undefined) return undefined;
  const field = "spec.defaultBackend";
  const ref = backendRef(defaultBackend, ingress.metadata.namespace, field, services);
  if (ref === undefined) return { field, why: NO_PORT };
  return [asked({ field, matches: [], filters: [], backendRefs: [ref] }, parts)];
}

/** The rule with what the Ingress does to every request, or its redirect in place of the backends. */
function asked(rule: RuleDraft, parts: IngressParts | undefined): RuleDraft {
  if (parts?.redirect !== undefined) return { ...rule, filters: [parts.redirect], backendRefs: [] };
  return { ...rule, filters: [...(parts?.filters ?? []), ...rule.filters], more: parts?.ruleFields };
}

const NO_PATH =
  "is no path, or has variables of nginx beside groups of the path: a route rewrites to a path alone";
const NO_PORT = "names no Service with the number of its port: add the Service, or write the number";

function rulesOf(
  source: IngressSource,
  { host, paths = [] }: IngressRule,
  parts: IngressParts | undefined,
  world: RouteWorld,
  filters: MadeObject[],
): readonly RuleDraft[] | NotConverted {
  const { ingress } = source;
  const { namespace, name } = ingress.metadata;
  const rules: RuleDraft[] = [];
  for (const path of paths) {
    if (!world.served.serves(source, host, path)) continue;
    const field = `${path.field}.backend`;
    const ref = backendRef(path.backend, namespace, field, world.services);
    if (ref === undefined) return { field, why: NO_PORT };
    const isExpression = world.expressions.has(host);
    const made = convertedPath(path, parts, {
      isExpression,
      literal: world.literal.has(host) ? "literal" : undefined,
      namespace,
      name: () => world.names.fresh(namespace, `${name}-rewrite`),
    });
    if (made === undefined)
      return {
        field: `${path.field}.path`,
        why: "is an expression that RE2 does not take, so that Envoy cannot run it",
      };
    if (made.filter !== undefined) filters.push(made.filter);
    const rule = asked(
      { field: path.field, matches: [made.match], filters: rewriteFilters(made), backendRefs: [ref] },
      parts,
    );
    const canary = world.served.canary(ingress, host, path);
    const isForeign = canary?.source.ingress.metadata.namespace !== namespace;
    if (parts?.redirect !== undefined || canary === undefined || isForeign) rules.push(rule);
    else for (const each of withCanary(rule, canary, world.services)) rules.push(each);
  }
  return rules;
}

function rewriteFilters({
  rewrite,
  filter,
}: {
  rewrite?: MadeFields | undefined;
  filter?: MadeObject | undefined;
}) {
  const found: MadeFields[] = [];
  if (rewrite !== undefined) found.push({ type: "URLRewrite", urlRewrite: { path: rewrite } });
  if (filter !== undefined)
    found.push({
      type: "ExtensionRef",
      extensionRef: {
        group: "gateway.envoyproxy.io",
        kind: "HTTPRouteFilter",
        name: filter.metadata.name,
      },
    });
  return found;
}
