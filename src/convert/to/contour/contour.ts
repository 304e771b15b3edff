import { append } from "../../../append.ts";
import { CONTOUR } from "../../../compile/contour/facts.ts";
import { INGRESS_NGINX } from "../../../compile/ingress-nginx/facts.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { TlsHost } from "../../../model/route.ts";
import { foreignAnnotations } from "../beside/annotations.ts";
import { certificateRequests } from "../beside/certificates.ts";
import { NGINX_TO_ENVOY, OTHERS_TO_ENVOY } from "../envoy/general.ts";
import { canaryChanges } from "../gateway-api/canaries.ts";
import { hostChanges } from "../gateway-api/host-changes.ts";
import { FreshNames } from "../gateway-api/names.ts";
import type { MadeObject } from "../made.ts";
import { certificatesAsked, sayCertificates } from "../nginx/client-certificates.ts";
import { externalNameChanges } from "../nginx/external-names.ts";
import { loneCanaryChanges } from "../nginx/lone-canaries.ts";
import { annotationField, lostAnnotations } from "../nginx/lost.ts";
import { absentService, mirrorOf } from "../nginx/mirrors.ts";
import { type PassedTo, passedHosts } from "../nginx/passed-hosts.ts";
import { hostsOfExpressions } from "../nginx/path-form.ts";
import { ServedPaths } from "../nginx/served-paths.ts";
import { tieChanges, twinChanges } from "../nginx/twins.ts";
import { expressionHosts, type IngressSource } from "../sources.ts";
import type { Conversion, ConvertTarget, KnownChange, TargetWorld } from "../target.ts";
import { PROXY_FEATURES } from "./features.ts";
import { CONTOUR_GENERAL } from "./general.ts";
import { ProxyParts } from "./parts.ts";
import { proxyPathChanges } from "./path-changes.ts";
import { certificateOfHost, type HostPart, writeHost } from "./proxies.ts";
import { type LeftRoute, proxyRoutes, type RoutesWorld } from "./routes.ts";

/** One root HTTPProxy for each host; further Ingresses of the host are included in it. */
export const CONTOUR_TARGET: ConvertTarget = {
  facts: CONTOUR,
  convert: convertToContour,
  general: (from) => [
    ...CONTOUR_GENERAL,
    ...(from === INGRESS_NGINX.name ? NGINX_TO_ENVOY : OTHERS_TO_ENVOY),
  ],
};

const OF_HOSTS = ["rewrite-target", "use-regex", "ssl-redirect", "force-ssl-redirect"];

function convertToContour(sources: readonly IngressSource[], { snapshot, tables }: TargetWorld): Conversion {
  const expressions = expressionHosts(sources);
  const world: RoutesWorld = {
    services: new Map(
      snapshot.services.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]),
    ),
    expressions,
    literal: hostsOfExpressions(sources, expressions),
    served: new ServedPaths(sources, tables),
    shut: new Set(),
  };
  const named = new Set(sources.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => host)));
  const tlsNames = new Set(tables.flatMap((table) => [...table.tlsNames]));
  const certificates = tables.flatMap(({ tlsHosts }) => tlsHosts);
  const asked = certificatesAsked(sources, (host) => certificateOfHost(host, certificates) !== undefined);
  const passed = passedHosts(tables, world.services);
  const hosts = new Map<string, HostPart[]>();
  const secrets = new Set<string>();
  const absent: MadeObject[] = [];
  const made = new Map<Ingress, MadeObject[]>();
  const changes: KnownChange[] = [];
  const left: Conversion["left"][number][] = [];
  for (const source of sources) {
    const { ingress, nginx } = source;
    if (world.served.isAlternative(source)) {
      made.set(ingress, []);
      append(changes, [...canaryChanges(source, world), ...loneCanaryChanges(source)]);
      continue;
    }
    const parts = nginx && new ProxyParts(ingress, nginx);
    if (parts !== undefined) {
      for (const feature of PROXY_FEATURES) feature(parts);
      sayCertificates(parts, asked, {
        passedAs: "X-Forwarded-Client-Cert",
        close: (closing, why) => parts.close(closing, why),
      });
    }
    const foreign = foreignAnnotations(source, snapshot);
    if (foreign.shut.length > 0) world.shut.add(ingress);
    const found = partsOfHosts(source, parts, world, { certificates, passed, tlsNames });
    if ("why" in found) {
      left.push({ ingress, ...found });
      continue;
    }
    const mirror = parts && mirrorOf(parts);
    if (mirror !== undefined) append(absent, absentService(snapshot, mirror));
    made.set(ingress, [...certificateRequests(ingress, secrets)]);
    append(changes, foreign.changes);
    for (const part of found) hosts.set(part.rule.host, [...(hosts.get(part.rule.host) ?? []), part]);
    parts?.done(...OF_HOSTS);
    const ofHosts = hostChanges(source, {
      isSecure: (host) => passed.has(host) || certificateOfHost(host, certificates) !== undefined,
      tlsNames,
      aliases: new Map(),
      hosts: named,
    });
    append(changes, [...(parts?.changes ?? []), ...ofHosts, ...proxyPathChanges(source, world)]);
    append(changes, loneCanaryChanges(source));
    append(changes, tieChanges(source, sources, world.literal));
    append(changes, twinChanges(source, sources, world.expressions));
    append(
      changes,
      externalNameChanges(source, snapshot, "enableExternalNameService of Contour's configuration"),
    );
    append(changes, lostAnnotations(source, parts?.converted ?? new Set()));
  }
  const names = new FreshNames();
  for (const [host, parts] of hosts) {
    const certificate = certificateOfHost(host, certificates);
    const demand = asked.get(host);
    writeHost({ host, certificate, passed: passed.get(host), asked: demand }, parts, names, made);
  }
  return { made, changes, left, presumed: absent };
}

interface HostsOfTls {
  readonly certificates: readonly TlsHost[];
  /** TLS goes on unopened. */
  readonly passed: ReadonlyMap<string, PassedTo>;
  /** Hosts that are redirected to https, with a certificate or without. */
  readonly tlsNames: ReadonlySet<string>;
}

function partsOfHosts(
  source: IngressSource,
  parts: ProxyParts | undefined,
  world: RoutesWorld,
  { certificates, passed, tlsNames }: HostsOfTls,
): readonly HostPart[] | LeftRoute {
  const { ingress, nginx } = source;
  if (ingress.spec.defaultBackend !== undefined)
    return { field: "spec.defaultBackend", why: "has no host, and an HTTPProxy always has one" };
  const target = nginx?.settings.rewriteTarget?.source ?? "";
  if (parts?.answer === undefined && /\$(?!\d)|^[^/$]/.test(target))
    return { field: annotationField("rewrite-target"), why: "is no path, or has variables of nginx" };
  const found: HostPart[] = [];
  for (const rule of ingress.spec.rules) {
    if (rule.host === "") return { field: rule.field, why: "has no host, and an HTTPProxy always has one" };
    const isPassed = passed.has(rule.host);
    const isSecure = isPassed || certificateOfHost(rule.host, certificates) !== undefined;
    const { sslRedirect, redirect } = nginx?.settings.location ?? {};
    const isNamed = !isPassed || sslRedirect === "always" || tlsNames.has(rule.host);
    const isRedirected = nginx !== undefined && sslRedirect !== "never" && redirect === undefined && isNamed;
    if (isPassed) parts?.done("ssl-passthrough");
    const more = isSecure && !isRedirected ? { permitInsecure: true } : {};
    const routes = proxyRoutes(source, rule, parts, world, more);
    if ("why" in routes) return routes;
    if (routes.length > 0) found.push({ source, rule, parts, routes });
  }
  return found;
}
