import { TRAEFIK } from "../../../compile/traefik/facts.ts";
import type { Ingress } from "../../../model/resource.ts";
import { kept, type MadeFields, type MadeObject } from "../made.ts";
import { annotationField, isOf, lostAnnotations } from "../nginx/lost.ts";
import type { IngressSource } from "../sources.ts";
import type { Conversion, ConvertTarget, KnownChange, TargetWorld } from "../target.ts";
import { addFeatures } from "./features.ts";
import { generalChanges } from "./general.ts";
import { TraefikParts, traefikObject } from "./parts.ts";
import { type NotConverted, type RouteDraft, routeDrafts } from "./routes.ts";
import { type TraefikWorld, traefikWorld } from "./world.ts";

/** IngressRoutes with priorities in nginx's order, and Middlewares. */
export const TRAEFIK_TARGET: ConvertTarget = {
  facts: TRAEFIK,
  convert: convertToTraefik,
  general: generalChanges,
};

/** Without prefix: what routes are made by. */
const OF_ROUTES = [
  ...["rewrite-target", "use-regex", "ssl-redirect", "force-ssl-redirect", "server-alias"],
  ...["app-root", "from-to-www-redirect"],
];

function convertToTraefik(sources: readonly IngressSource[], { snapshot, tables }: TargetWorld): Conversion {
  const world = traefikWorld(sources, tables);
  const made = new Map<Ingress, readonly MadeObject[]>();
  const changes: KnownChange[] = [];
  const left: Conversion["left"][number][] = [];
  for (const source of sources) {
    const { ingress, nginx } = source;
    if (nginx === undefined) {
      const why = `leads to ${source.controller}: only Ingresses of ingress-nginx are converted to IngressRoutes`;
      left.push({ ingress, field: "spec.ingressClassName", why });
      continue;
    }
    const { denied } = nginx.settings.location;
    if (denied !== undefined) {
      left.push({ ingress, field: denied.at?.field ?? "metadata.annotations", why: DENIED });
      continue;
    }
    if (nginx.settings.canary !== undefined) {
      // It is part of the routes of its main Ingress.
      made.set(ingress, []);
      changes.push(...canaryChanges(source, world));
      continue;
    }
    const parts = new TraefikParts(ingress, nginx, snapshot);
    addFeatures(parts);
    parts.done(...OF_ROUTES);
    const drafts = routeDrafts(parts, world);
    if (isLeft(drafts)) {
      left.push({ ingress, ...drafts });
      continue;
    }
    made.set(ingress, [...routesOf(parts, drafts, world), ...parts.objects]);
    sayOfHosts(parts);
    changes.push(...parts.changes, ...lostAnnotations(source, parts.converted));
  }
  return { made, changes, left };
}

/** To convert it would open what is closed. */
const DENIED = "has ingress-nginx answer 503 at every path: correct it first";

function isLeft(drafts: readonly RouteDraft[] | NotConverted): drafts is NotConverted {
  return "why" in drafts;
}

/** By http, or as a redirect to https; and by https with the certificate of each host. */
function routesOf(
  parts: TraefikParts,
  drafts: readonly RouteDraft[],
  world: TraefikWorld,
): readonly MadeObject[] {
  const { ingress } = parts;
  const { name, namespace } = ingress.metadata;
  const redirects = new Set(
    drafts.map(({ host }) => host).filter((host) => isRedirected(parts, host, world)),
  );
  const redirect = redirects.size === 0 ? undefined : { name: `${name}-https` };
  const plain = drafts.map((draft) =>
    redirect !== undefined && redirects.has(draft.host) && draft.isElsewhere === undefined
      ? { ...draft, middlewares: [redirect] }
      : draft,
  );
  const secure = new Map<string, RouteDraft[]>();
  for (const draft of drafts) {
    const certificate = certificateOf(draft.host, world);
    const secret = certificate?.namespace === namespace ? certificate.secretName : "";
    secure.set(secret, [...(secure.get(secret) ?? []), draft]);
  }
  const objects = [...secure].map(([secret, own], at) =>
    routeObject(ingress, kept(`${name}-tls${at === 0 ? "" : `-${at + 1}`}`, "metadata.name"), {
      entryPoints: ["websecure"],
      routes: own.map(routeFields),
      tls: secret === "" ? {} : { secretName: secret },
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
  return traefikObject("IngressRoute", ingress, name, spec);
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

function routeFields({ match, priority, middlewares, services }: RouteDraft): MadeFields {
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
    "from-to-www-redirect",
    "Traefik redirects with 301 in place of 308, and keeps no port",
    ({ first }) =>
      first.why.some(({ code }) => code === "from-to-www-redirect") ? { aspects: "all" } : undefined,
  );
  parts.say("app-root", "Traefik redirects the root by https as well as by http", ({ first }) =>
    first.why.some(({ code }) => code === "app-root") ? { aspects: "all" } : undefined,
  );
  parts.say("rewrite-target", "Services get X-Replaced-Path with the path as it came", (difference) =>
    isOf(ingress, difference) ? { requestHeaders: ["x-replaced-path"] } : undefined,
  );
}

/** Of a canary, whose Services the main Ingress's routes name. */
function canaryChanges({ ingress }: IngressSource, { mains }: TraefikWorld): readonly KnownChange[] {
  const { namespace } = ingress.metadata;
  const hosts = new Set(ingress.spec.rules.map(({ host }) => host));
  const isElsewhere = [...hosts].some((host) => (mains.get(host) ?? namespace) !== namespace);
  return [
    {
      ingress,
      field: annotationField("canary"),
      message: isElsewhere
        ? "its Service is of another namespace, which a route of the main path cannot name: it gets no requests"
        : "its Services take turns by weight, where nginx draws",
      fix: "Decide whether it matters.",
      explains: ({ aspects, first }) =>
        aspects.includes("canary") && hosts.has(first.rule?.host ?? "")
          ? { aspects: ["canary", "service"] }
          : undefined,
      when: isElsewhere ? undefined : "shown",
    },
  ];
}
