import { append } from "../../../append.ts";
import { GATEWAY_API } from "../../../compile/gateway-api/facts.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import { foreignAnnotations } from "../beside/annotations.ts";
import { type MadeFields, type MadeObject, plainMade } from "../made.ts";
import { aliasesByHost } from "../nginx/aliases.ts";
import { certificatesAsked } from "../nginx/client-certificates.ts";
import { loneCanaryChanges } from "../nginx/lone-canaries.ts";
import { lostAnnotations } from "../nginx/lost.ts";
import { otherNameOf } from "../nginx/other-names.ts";
import { passedHosts } from "../nginx/passed-hosts.ts";
import { hostsOfExpressions } from "../nginx/path-form.ts";
import { firstOfHosts, hostsWithRoot } from "../nginx/roots.ts";
import { ServedPaths } from "../nginx/served-paths.ts";
import { tieChanges, twinChanges } from "../nginx/twins.ts";
import { expressionHosts, type IngressSource } from "../sources.ts";
import type { Conversion, ConvertTarget, KnownChange, TargetWorld } from "../target.ts";
import { canaryChanges } from "./canaries.ts";
import { certificateObjects } from "./client-certificates.ts";
import { draftsOf, type NotConverted, type RouteWorld } from "./drafts.ts";
import { FEATURES } from "./features.ts";
import { generalChanges } from "./general.ts";
import { hostChanges } from "./host-changes.ts";
import { appRootRule, wwwRoutes } from "./hosts.ts";
import { issuersOf } from "./issuers.ts";
import {
  type GatewayDraft,
  gatewayDraft,
  gatewayObject,
  listenerOf,
  ownListenerOf,
  secretGrants,
} from "./listeners.ts";
import { FreshNames } from "./names.ts";
import { IngressParts } from "./parts.ts";
import { policiesFor, policyObjects } from "./policies.ts";
import { grpcRoutes } from "./routes/grpc-routes.ts";
import { passedRoutes } from "./routes/passed-routes.ts";
import { pathChanges } from "./routes/path-changes.ts";
import { redirectedHosts, redirectRoutes } from "./routes/redirects.ts";
import type { ServicesByName } from "./routes/rules.ts";
import { redirectingRoutes, routesOf } from "./routes.ts";

/**
 * Gateway, HTTPRoutes and Envoy Gateway's policies. One Gateway stands for all Ingresses, as one controller did with one
 * address: DNS stays, and hosts may go on being shared by namespaces.
 */
export const GATEWAY_API_TARGET: ConvertTarget = {
  facts: GATEWAY_API,
  convert: convertToGatewayApi,
  general: generalChanges,
};

/** What the API server takes as a hostname. */
const HOST_NAME = /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** Without prefix: what hosts and paths are converted by. */
const OF_ROUTES = ["rewrite-target", "use-regex", "ssl-redirect", "force-ssl-redirect", "server-alias"];

function convertToGatewayApi(
  sources: readonly IngressSource[],
  { snapshot, tables }: TargetWorld,
): Conversion {
  const ingresses = sources.map(({ ingress }) => ingress);
  const services: ServicesByName = new Map(
    snapshot.services.map((service) => [`${service.metadata.namespace}/${service.metadata.name}`, service]),
  );
  const tlsNames = new Set(tables.flatMap((table) => [...table.tlsNames]));
  const gateway = gatewayDraft(ingresses, {
    certificates: tables.flatMap(({ tlsHosts }) => tlsHosts),
    passed: passedHosts(tables, services),
    tlsNames,
  });
  const aliases = aliasesByHost(sources, (alias) => HOST_NAME.test(alias));
  const firstToRedirect = redirectedHosts(sources, gateway, aliases);
  const expressions = expressionHosts(sources);
  const world: RouteWorld = {
    gateway,
    services,
    names: new FreshNames(),
    redirected: new Set(firstToRedirect.keys()),
    expressions,
    served: new ServedPaths(sources, tables),
    hosts: new Set(ingresses.flatMap(({ spec }) => spec.rules.map(({ host }) => host))),
    aliases,
    tlsNames,
    // A listener of several hosts asks the clients of all.
    roots: hostsWithRoot(sources),
    firsts: firstOfHosts(sources),
    fallbacks: new Set(),
    literal: hostsOfExpressions(sources, expressions),
    certificates: certificatesAsked(sources, (host) => ownListenerOf(gateway, host) !== undefined, [
      "optional_no_ca",
    ]),
  };
  const made = new Map<Ingress, readonly MadeObject[]>();
  const changes: KnownChange[] = [];
  const left: Conversion["left"][number][] = [];
  const presumed: MadeObject[] = [];
  for (const source of sources) {
    const { ingress } = source;
    const converted = convertOne(source, sources, snapshot, world);
    if ("why" in converted) {
      left.push({ ingress, ...converted });
      continue;
    }
    const hosts = [...firstToRedirect].filter(([, first]) => first === ingress).map(([host]) => host);
    made.set(ingress, [...converted.objects, ...redirectRoutes(ingress, hosts, world)]);
    append(changes, converted.changes);
    append(presumed, converted.presumed ?? []);
  }
  const { annotations, differing } = issuersOf([...made.keys()]);
  append(changes, differing);
  const served = servedListeners(gateway, [...made.keys()], aliases);
  return { made: withGateway(made, served, annotations), changes, left, presumed };
}

/** Without listeners of hosts that are left as they are: nobody lets their Secrets out of other namespaces. */
function servedListeners(
  gateway: GatewayDraft,
  ingresses: readonly Ingress[],
  aliases: RouteWorld["aliases"],
): GatewayDraft {
  const hosts = ingresses.flatMap(({ spec }) => spec.rules.map(({ host }) => host));
  const named = hosts.flatMap((host) => [host, ...(aliases.get(host) ?? []), otherNameOf(host) ?? host]);
  const used = new Set(named.map((host) => listenerOf(gateway, host)));
  const passed = new Map([...gateway.passed].filter(([host]) => hosts.includes(host)));
  return { ...gateway, passed, listeners: gateway.listeners.filter((each) => used.has(each)) };
}

interface ConvertedOne {
  readonly objects: readonly MadeObject[];
  readonly changes: readonly KnownChange[];
  readonly presumed?: readonly MadeObject[] | undefined;
}

function convertOne(
  source: IngressSource,
  sources: readonly IngressSource[],
  snapshot: Snapshot,
  world: RouteWorld,
): ConvertedOne | NotConverted {
  const { ingress, nginx } = source;
  // A canary is part of the routes of its primary.
  if (world.served.isAlternative(source)) {
    const changes = [...canaryChanges(source, world), ...loneCanaryChanges(source)];
    return { objects: [], changes };
  }
  const parts = nginx && new IngressParts(ingress, nginx, snapshot);
  if (parts !== undefined) for (const feature of FEATURES) feature(parts);
  const found = draftsOf(source, parts, world);
  if ("why" in found) return found;
  const certificates = parts === undefined ? [] : certificateObjects(parts, world);
  if (parts === undefined) {
    const { changes, shut } = foreignAnnotations(source, snapshot);
    const own = routesOf(ingress, found.groups, world);
    const guard =
      shut.length === 0 ? [] : policyObjects(ingress, own, { authorization: { defaultAction: "Deny" } });
    return { objects: [...own, ...guard], changes: [...changes, ...pathChanges(source, world)] };
  }
  parts.done(...OF_ROUTES);
  const root = appRootRule(parts);
  const passed = passedRoutes(source, world);
  if (passed.length > 0) parts.done("ssl-passthrough");
  const groups = found.groups.map((group) =>
    root === undefined ? group : { ...group, rules: [root, ...group.rules] },
  );
  const routes = grpcRoutes(parts, routesOf(ingress, groups, world));
  const www = wwwRoutes(parts, groups, world);
  return {
    objects: [
      ...certificates,
      ...parts.objects,
      ...routes,
      ...passed,
      ...www,
      ...found.redirecting.flatMap((group) => redirectingRoutes(ingress, group, world)),
      ...found.filters,
      ...policiesFor(parts, routes),
    ],
    changes: [
      ...parts.changes,
      ...hostChanges(source, {
        ...world,
        isSecure: (host) => world.gateway.passed.has(host) || listenerOf(world.gateway, host) !== undefined,
      }),
      ...pathChanges(source, world),
      ...twinChanges(source, sources, world.expressions),
      ...tieChanges(source, sources, world.literal),
      ...loneCanaryChanges(source),
      ...lostAnnotations(source, parts.converted),
    ],
    presumed: parts.presumed,
  };
}

/** The Gateway stands before the first Ingress's routes, a grant before the first of its namespace. */
function withGateway(
  made: ReadonlyMap<Ingress, readonly MadeObject[]>,
  gateway: ReturnType<typeof gatewayDraft>,
  annotations: MadeFields | undefined,
): ReadonlyMap<Ingress, readonly MadeObject[]> {
  const from = new Set([...made.keys()].map(({ metadata }) => metadata.namespace));
  const grants = new Map(secretGrants(gateway));
  const before: MadeObject[] = [gatewayObject(gateway, GATEWAY_API.classes.installed, from, annotations)];
  // Of a namespace whose own Ingresses make nothing.
  for (const [namespace, grant] of grants) if (!from.has(namespace)) before.push(grant);
  const whole = new Map<Ingress, readonly MadeObject[]>();
  const policies = new Set<string>();
  for (const [ingress, objects] of made) {
    const grant = grants.get(ingress.metadata.namespace);
    grants.delete(ingress.metadata.namespace);
    // A Service has one policy, whichever Ingresses lead to it.
    const own = objects.filter(({ kind, metadata }) => {
      if (kind !== "BackendTLSPolicy") return true;
      const key = `${ingress.metadata.namespace}/${String(plainMade(metadata.name))}`;
      const isFirst = !policies.has(key);
      policies.add(key);
      return isFirst;
    });
    whole.set(ingress, [...before.splice(0), ...(grant === undefined ? [] : [grant]), ...own]);
  }
  return whole;
}
