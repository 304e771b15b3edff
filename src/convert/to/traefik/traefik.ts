import { append } from "../../../append.ts";
import { TRAEFIK } from "../../../compile/traefik/facts.ts";
import type { Ingress } from "../../../model/resource.ts";
import { carriedAnnotations } from "../beside/annotations.ts";
import { certificateRequests } from "../beside/certificates.ts";
import { kept, type MadeFields, type MadeObject } from "../made.ts";
import { externalNameChanges } from "../nginx/external-names.ts";
import { loneCanaryChanges } from "../nginx/lone-canaries.ts";
import { annotationField, hostAskedOf, isAtHostOf, isOf, lostAnnotations } from "../nginx/lost.ts";
import { absentService } from "../nginx/mirrors.ts";
import { twinChanges } from "../nginx/twins.ts";
import type { IngressSource } from "../sources.ts";
import type { Conversion, ConvertTarget, KnownChange, TargetWorld } from "../target.ts";
import { askForCertificates, optionsOf } from "./features/client-certificates.ts";
import { addFeatures } from "./features.ts";
import { traefikChanges } from "./general.ts";
import { oddPathChanges } from "./odd-paths.ts";
import { TraefikParts, traefikObject } from "./parts.ts";
import { type IngressRouteDraft, type LeftAsItIs, routeDrafts } from "./routes.ts";
import { type TraefikWorld, traefikWorld } from "./world.ts";

/** IngressRoutes with priorities in nginx's order, and Middlewares. */
export const TRAEFIK_TARGET: ConvertTarget = {
  facts: TRAEFIK,
  convert: convertToTraefik,
  general: traefikChanges,
};

/** Without prefix: what routes are made by. */
const OF_ROUTES = [
  ...["rewrite-target", "use-regex", "ssl-redirect", "force-ssl-redirect", "server-alias"],
  ...["app-root", "from-to-www-redirect"],
];

function convertToTraefik(sources: readonly IngressSource[], { snapshot, tables }: TargetWorld): Conversion {
  const world = traefikWorld(sources, tables);
  const made = new Map<Ingress, readonly MadeObject[]>();
  const asked = new Set<string>();
  const changes: KnownChange[] = [];
  const left: Conversion["left"][number][] = [];
  const presumed: MadeObject[] = [];
  for (const source of sources) {
    const { ingress, nginx } = source;
    if (nginx === undefined) {
      const why = `leads to ${source.controller}: only Ingresses of ingress-nginx are converted to IngressRoutes`;
      left.push({ ingress, field: "spec.ingressClassName", why });
      continue;
    }
    if (world.served.isAlternative(source)) {
      // It is part of the routes of its main Ingress.
      made.set(ingress, []);
      append(changes, [...canaryChanges(source, world), ...loneCanaryChanges(source)]);
      continue;
    }
    const parts = new TraefikParts(ingress, nginx, snapshot);
    addFeatures(parts);
    askForCertificates(parts, world);
    if (parts.mirror !== undefined) append(presumed, absentService(snapshot, parts.mirror));
    parts.done(...OF_ROUTES);
    const drafts = routeDrafts(source, parts, world);
    if (isLeft(drafts)) {
      left.push({ ingress, ...drafts });
      continue;
    }
    // Without a route nothing names its Middlewares.
    made.set(
      ingress,
      drafts.length === 0
        ? []
        : [...certificateRequests(ingress, asked), ...routesOf(parts, drafts, world), ...parts.objects],
    );
    sayOfHosts(parts);
    const flag = "--providers.kubernetescrd.allowexternalnameservices";
    append(changes, [
      ...parts.changes,
      ...oddPathChanges(source, world.expressions),
      ...loneCanaryChanges(source),
      ...twinChanges(source, sources, world.expressions),
      ...externalNameChanges(source, snapshot, flag),
      ...lostAnnotations(source, parts.converted),
    ]);
  }
  return { made, changes, left, presumed };
}

function isLeft(drafts: readonly IngressRouteDraft[] | LeftAsItIs): drafts is LeftAsItIs {
  return "why" in drafts;
}

/** By http, or as a redirect to https; and by https with the certificate of each host. */
function routesOf(
  parts: TraefikParts,
  drafts: readonly IngressRouteDraft[],
  world: TraefikWorld,
): readonly MadeObject[] {
  const { ingress } = parts;
  const { name, namespace } = ingress.metadata;
  const redirects = new Set(
    drafts.map(({ host }) => host).filter((host) => isRedirected(parts, host, world)),
  );
  const redirect = redirects.size === 0 ? undefined : { name: `${name}-https` };
  const plain = drafts.map((draft) =>
    redirect !== undefined && redirects.has(draft.host) && draft.staysOnHttp === undefined
      ? { ...draft, middlewares: [redirect] }
      : draft,
  );
  const secure = new Map<string, { readonly tls: MadeFields; readonly drafts: IngressRouteDraft[] }>();
  for (const draft of drafts) {
    const certificate = certificateOf(draft.host, world);
    const secretName = certificate?.namespace === namespace ? certificate.secretName : undefined;
    const tls = { secretName, options: optionsOf(draft.host, world) };
    const key = JSON.stringify(tls);
    const known = secure.get(key);
    if (known === undefined) secure.set(key, { tls, drafts: [draft] });
    else known.drafts.push(draft);
  }
  const objects = [...secure.values()].map(({ tls, drafts: own }, at) =>
    routeObject(ingress, kept(`${name}-tls${at === 0 ? "" : `-${at + 1}`}`, "metadata.name"), {
      entryPoints: ["websecure"],
      routes: own.map(routeFields),
      tls,
    }),
  );
  const http = routeObject(ingress, name, { entryPoints: ["web"], routes: plain.map(routeFields) });
  if (redirect !== undefined)
    parts.middleware("https", { redirectScheme: { scheme: "https", permanent: true } });
  return [...objects, http];
}

function routeObject(
  ingress: Ingress,
  name: Parameters<typeof traefikObject>[2],
  spec: MadeFields,
): MadeObject {
  const route = traefikObject("IngressRoute", ingress, name, spec);
  return { ...route, metadata: { ...route.metadata, annotations: carriedAnnotations(ingress) } };
}

function isRedirected({ nginx }: TraefikParts, host: string, { redirected }: TraefikWorld): boolean {
  const { sslRedirect } = nginx.settings.location;
  if (sslRedirect === "with-tls") return redirected.has(host) || redirected.has(wildcardFor(host));
  return sslRedirect === "always";
}

function wildcardFor(host: string): string {
  return `*${host.slice(host.indexOf("."))}`;
}

function certificateOf(host: string, { tlsHosts }: TraefikWorld) {
  return tlsHosts.get(host) ?? tlsHosts.get(wildcardFor(host));
}

function routeFields({ match, priority, middlewares, services }: IngressRouteDraft): MadeFields {
  return {
    kind: "Rule",
    match,
    priority,
    middlewares: middlewares.length === 0 ? undefined : middlewares,
    services,
  };
}

/** What Traefik does otherwise at hosts of an Ingress. */
function sayOfHosts(parts: TraefikParts): void {
  const { ingress } = parts;
  parts.say(
    "server-alias",
    "an alias without certificate is redirected to https with its host; nginx serves it by http",
    ({ first, second }) =>
      first.behaviour.kind !== "redirect" && second.behaviour.kind === "redirect"
        ? { aspects: "answer" }
        : undefined,
  );
  const hosts = new Set(ingress.spec.rules.map(({ host }) => host));
  parts.say(
    "server-alias",
    "a name that another Ingress has as well, a wildcard or an expression may be another Ingress's, or nobody's",
    (difference) =>
      isAtHostOf(ingress, difference) && !hosts.has(hostAskedOf(difference))
        ? { aspects: "answer" }
        : undefined,
  );
  parts.say(
    "from-to-www-redirect",
    "Traefik redirects with 301 in place of 308, and keeps no port",
    ({ first }) =>
      first.why.some(({ code }) => code === "from-to-www-redirect") ? { aspects: "answer" } : undefined,
  );
  parts.say("app-root", "Traefik redirects the root by https as well as by http", ({ first }) =>
    first.why.some(({ code }) => code === "app-root") ? { aspects: "answer" } : undefined,
  );
  const target = parts.text("rewrite-target") ?? "/";
  if (!/^\/(?:[^$]|\$\d)*$/.test(target))
    parts.say(
      "rewrite-target",
      "it is no path, or has variables of nginx: Traefik takes it by its letters",
      (difference) => (isOf(ingress, difference) ? { aspects: "answer" } : undefined),
    );
  if (parts.nginx.settings.server.passthrough === true) {
    parts.done("ssl-passthrough");
    const what = "TLS ends at Traefik, unless an IngressRouteTCP with tls.passthrough has the host";
    parts.say(
      "ssl-passthrough",
      what,
      // All paths of the host went to one Service.
      (difference) =>
        difference.request.scheme === "https" && isAtHostOf(ingress, difference)
          ? { aspects: ["certificate", "kind", "service"] }
          : undefined,
      "Write the IngressRouteTCP: HostSNI of the host, the Service, and tls.passthrough: true.",
    );
  }
  parts.say("rewrite-target", "Services get X-Replaced-Path with the path as it came", (difference) =>
    isOf(ingress, difference) ? { requestHeaders: ["x-replaced-path"] } : undefined,
  );
}

/** Of a canary, whose Services the main Ingress's routes name. */
function canaryChanges({ ingress }: IngressSource, { firsts }: TraefikWorld): readonly KnownChange[] {
  const { namespace } = ingress.metadata;
  const hosts = new Set(ingress.spec.rules.map(({ host }) => host));
  const isForeign = [...hosts].some(
    (host) => (firsts.get(host)?.metadata.namespace ?? namespace) !== namespace,
  );
  return [
    {
      ingress,
      field: annotationField("canary"),
      message: isForeign
        ? "its Service is of another namespace, which a route of the main path cannot name: it gets no requests"
        : "its Services take turns by weight, where nginx draws",
      fix: "Decide whether it matters.",
      explains: ({ aspects, first }) =>
        aspects.includes("canary") && hosts.has(first.rule?.host ?? "")
          ? { aspects: ["canary", "service"] }
          : undefined,
      when: isForeign ? undefined : "shown",
    },
  ];
}
