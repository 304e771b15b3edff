import {
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
  jsonStrings,
} from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { PROVIDERS, TRAEFIK } from "../facts.ts";
import { Lost } from "../lost.ts";
import { referencesTo } from "../middlewares/chain.ts";
import { crdRouterName, joinedName } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";
import { matchOfRule } from "../rule/match.ts";
import { readRule } from "../rule/parse.ts";
import { syntaxOf } from "../rule/syntax.ts";
import { crdService, sharedServices } from "../services/crd-service.ts";
import type { RouterTarget } from "../services/target.ts";
import type { HostRouter, Router } from "./router.ts";

/** A route of an IngressRoute that no router is made for, or all of them. */
interface LostRoute {
  readonly owner: CustomResource;
  readonly field: string;
  readonly rule: string;
  readonly lost: Lost;
  /** It is there until its service is looked for. default: it never is */
  readonly router?: Omit<HostRouter, "match"> | undefined;
}

export interface CrdRouters {
  readonly routers: readonly CrdRouter[];
  readonly lost: readonly LostRoute[];
}

/** A router, or a parent of others. */
export type CrdRouter = Omit<Router, "target"> & {
  /** default: it has no service of its own */
  readonly target?: RouterTarget | undefined;
};

const OLD_CLASS = "kubernetes.io/ingress.class";

/** True for an IngressRoute of the class that is served (pkg/provider/kubernetes/crd, shouldProcessIngress). */
export function isOfClass({ metadata, spec }: CustomResource, { flags }: TraefikObjects): boolean {
  const name = jsonString(spec.ingressClassName) ?? metadata.annotations.get(OLD_CLASS) ?? "";
  return flags.crdClass === undefined
    ? name === "" || name === TRAEFIK.classes.installed
    : name === flags.crdClass;
}

/** The routers of an IngressRoute (pkg/provider/kubernetes/crd/kubernetes_http.go, loadIngressRouteConfiguration). */
export function ingressRouteRouters(route: CustomResource, objects: TraefikObjects): CrdRouters {
  const { namespace, name } = route.metadata;
  const tls = tlsOf(route, objects);
  if (tls instanceof Lost)
    return { routers: [], lost: [{ owner: route, field: "spec.tls.options", rule: "", lost: tls }] };
  const made = new Map<string, CrdRouter>();
  const lost: LostRoute[] = [];
  for (const [at, item] of jsonItems(route.spec.routes).entries()) {
    const fields = jsonFields(item);
    const field = `spec.routes[${at}]`;
    const rule = jsonString(fields.match) ?? "";
    const router = routerOf({ namespace, name, rule, fields }, objects);
    const own = {
      owner: route,
      at: `${field}.match`,
      entryPoints: jsonStrings(route.spec.entryPoints),
      tls,
    };
    // The later of two with one rule replaces the earlier.
    if (router instanceof Lost) {
      const isLater = router.when === "later";
      lost.push({ owner: route, field, rule, lost: router, router: isLater ? own : undefined });
      if (isLater) made.delete(rule);
    } else made.set(rule, { ...router, ...own });
  }
  return { routers: [...made.values()], lost };
}

function tlsOf({ metadata, spec }: CustomResource, { flags }: TraefikObjects): Router["tls"] | Lost {
  if (spec.tls === undefined || spec.tls === null) return undefined;
  const options = jsonFields(jsonFields(spec.tls).options);
  const name = jsonString(options.name);
  if (name === undefined) return {};
  const namespace = jsonString(options.namespace) || metadata.namespace;
  if (namespace !== metadata.namespace && !flags.crossNamespace)
    return new Lost(
      `TLSOption ${namespace}/${name} is in another namespace, which needs --providers.kubernetescrd.allowcrossnamespace`,
      "Name one of the same namespace, or set that flag.",
    );
  return { options: `${joinedName(`${namespace}-${name}`)}@kubernetescrd` };
}

interface Source {
  readonly namespace: string;
  readonly name: string;
  readonly rule: string;
  readonly fields: JsonObject;
}

type Written = Omit<CrdRouter, "owner" | "at" | "entryPoints" | "tls">;

function routerOf({ namespace, name, rule, fields }: Source, objects: TraefikObjects): Written | Lost {
  const middlewares = referencesTo(fields.middlewares, namespace, objects);
  if (middlewares instanceof Lost) return middlewares;
  const services = jsonItems(fields.services).map(jsonFields);
  const target =
    services.length === 0
      ? undefined
      : targetOf(namespace, services, objects, crdRouterName(namespace, name, rule));
  if (target instanceof Lost) return target;
  const parsed = readRule(rule);
  if (parsed === undefined)
    return new Lost(`its rule ${JSON.stringify(rule)} cannot be read`, "Correct the rule.");
  const match = matchOfRule(parsed, syntaxOf(jsonString(fields.syntax) || objects.flags.syntax));
  if (match instanceof Lost) return match.later();
  const priority = jsonNumber(fields.priority) ?? 0;
  return {
    provider: "crd",
    host: "",
    name: crdRouterName(namespace, name, rule),
    rule,
    priority: BigInt(Math.trunc(priority)),
    ...{ match, middlewares, target },
  };
}

function targetOf(
  namespace: string,
  services: readonly JsonObject[],
  objects: TraefikObjects,
  router: string,
): RouterTarget | Lost {
  const [only] = services;
  if (services.length === 1 && only !== undefined)
    return crdService(namespace, only, objects, [], `${router}@${PROVIDERS.crd}`);
  return sharedServices(namespace, services, objects);
}
