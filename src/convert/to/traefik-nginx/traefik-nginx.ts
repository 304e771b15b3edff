import { append } from "../../../append.ts";
import { INGRESS_NGINX } from "../../../compile/ingress-nginx/facts.ts";
import { PREFIX } from "../../../compile/nginx-annotations/prefix.ts";
import { TRAEFIK_NGINX } from "../../../compile/traefik-nginx/facts.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { FieldEdit } from "../edited.ts";
import type { MadeObject } from "../made.ts";
import { loneCanaryChanges } from "../nginx/lone-canaries.ts";
import { isOf } from "../nginx/lost.ts";
import { expressionHosts, type IngressSource } from "../sources.ts";
import type { Conversion, ConvertTarget, InPlace, KnownChange, TargetWorld } from "../target.ts";
import { traefikChanges } from "../traefik/general.ts";
import { annotationDraft, annotationPlace } from "./annotations.ts";
import { traefikPathChanges } from "./path-changes.ts";
import { everyPath, pathEdits } from "./paths.ts";

/** The Ingresses stay, and say to Traefik's provider kubernetesIngressNGINX what they said to nginx. */
export const TRAEFIK_NGINX_TARGET: ConvertTarget = {
  facts: TRAEFIK_NGINX,
  convert: convertToTraefikNginx,
  general: traefikChanges,
};

function convertToTraefikNginx(
  sources: readonly IngressSource[],
  { snapshot, tables }: TargetWorld,
): Conversion {
  const own = sources.filter((source) => whyLeft(source) === undefined);
  const expressions = expressionHosts(own);
  const redirected = new Set(tables.flatMap(({ tlsNames }) => [...tlsNames]));
  const made = new Map<Ingress, InPlace>();
  const changes: KnownChange[] = [];
  const brought = new Set(snapshot.ingressClasses.map(({ metadata }) => metadata.name));
  for (const source of own) {
    const { ingress } = source;
    const { edits, changes: said } = annotationDraft(source);
    const redirect = redirectEdits(source, redirected);
    made.set(ingress, {
      edits: [...edits, ...redirect, ...pathEdits(source, expressions)],
      before: classBefore(ingress, brought),
    });
    append(changes, [...said, ...tlsChanges(source, redirected), ...traefikPathChanges(source, expressions)]);
    append(changes, loneCanaryChanges(source));
  }
  const left = sources.flatMap((source) => {
    const why = whyLeft(source);
    return why === undefined ? [] : [{ ingress: source.ingress, ...why }];
  });
  return { made, changes, left };
}

/** Why an Ingress stays as it is. */
function whyLeft({ ingress, nginx, controller }: IngressSource) {
  if (nginx === undefined) {
    const why = `leads to ${controller}: the provider reads Ingresses of ingress-nginx alone`;
    return { field: "spec.ingressClassName", why };
  }
  if (ingress.apiVersion === "networking.k8s.io/v1") return undefined;
  const why = `is ${ingress.apiVersion}, which has the fields in other places: convert it to networking.k8s.io/v1 first (ingress-dev convert)`;
  return { field: "apiVersion", why };
}

/** The chart of ingress-nginx takes its IngressClass away with it, and then no Ingress that names it is served. */
function classBefore({ spec }: Ingress, brought: Set<string>): readonly MadeObject[] {
  const name = spec.ingressClassName;
  if (name === undefined || brought.has(name)) return [];
  brought.add(name);
  const { controller } = INGRESS_NGINX.classes;
  return [
    { apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name }, spec: { controller } },
  ];
}

function isRedirecting({ nginx }: IngressSource): boolean {
  return nginx?.settings.location.sslRedirect === "with-tls";
}

/** nginx never redirects these. */
const CHALLENGES = "/.well-known/acme-challenge";

/** nginx redirects a host for the certificate of any of its Ingresses; Traefik an Ingress for its own `tls`. */
function redirectEdits(source: IngressSource, redirected: ReadonlySet<string>): readonly FieldEdit[] {
  const { spec, metadata } = source.ingress;
  const hosts = spec.rules.map(({ host }) => host);
  const isAll = hosts.length > 0 && hosts.every((host) => redirected.has(host));
  const isSaid = metadata.annotations.has(`${PREFIX}force-ssl-redirect`);
  const isChallenge = everyPath(source.ingress).every(({ path }) => path.path.startsWith(CHALLENGES));
  return isAll && isRedirecting(source) && spec.tls.length === 0 && !isSaid && !isChallenge
    ? [{ place: annotationPlace("force-ssl-redirect"), value: "true" }]
    : [];
}

/** Of an Ingress with `tls` for some of its hosts. */
function tlsChanges(source: IngressSource, redirected: ReadonlySet<string>): readonly KnownChange[] {
  const { ingress } = source;
  const hosts = new Set(everyPath(ingress).map(({ host }) => host));
  const others = [...hosts].filter((host) => !redirected.has(host));
  const isMixed = others.length > 0 && (others.length < hosts.size || ingress.spec.tls.length > 0);
  if (!isMixed || !isRedirecting(source)) return [];
  const names = others.map((host) => (host === "" ? "rules without host" : host)).join(", ");
  return [
    {
      ingress,
      field: "spec.tls",
      message: `Traefik redirects all rules of the Ingress to https, or none: ${names} as well`,
      fix: "Give those rules an Ingress of their own.",
      explains: (difference) =>
        isOf(ingress, difference) && difference.first.behaviour.kind !== difference.second.behaviour.kind
          ? { aspects: "answer" }
          : undefined,
      when: "shown",
    },
  ];
}
