import type { Ingress, IngressPath } from "../../../model/resource.ts";
import { goQuote } from "../../../request/go-text.ts";
import type { Steps } from "../../../steps.ts";
import { annotationsOf, BadAnnotation, type ReadAnnotations } from "../annotations.ts";
import { commaList, flagBoolean, flagInteger } from "../flags.ts";
import { Lost } from "../lost.ts";
import { ingressRouterName, withRuleHash } from "../names.ts";
import type { TraefikObjects } from "../objects.ts";
import { allOf, call, type RuleNode } from "../rule/expression.ts";
import { hostsOfUnmatched } from "../rule/hosts-of-unmatched.ts";
import { matchOfRule } from "../rule/match.ts";
import { syntaxOf } from "../rule/syntax.ts";
import { collidingServices, serviceOf } from "../services/collisions.ts";
import { ingressService } from "../services/ingress-service.ts";
import type { RouterTarget } from "../services/target.ts";
import type { HostRouter, Router } from "./router.ts";

/** A path of an Ingress, or all of it, that no router is made for. */
export interface LostPart {
  readonly owner: Ingress;
  readonly host: string;
  /** default: the whole Ingress */
  readonly path?: IngressPath | undefined;
  readonly field: string;
  readonly lost: Lost;
  /** It is there until its service is looked for. default: it never is */
  readonly router?: HostRouter | undefined;
}

export interface RoutersOf<T> {
  readonly routers: readonly Router[];
  readonly lost: readonly T[];
}

/** The lowest that there is (pkg/provider/kubernetes/ingress, math.MinInt32). */
const DEFAULT_PRIORITY = -2_147_483_648n;

/** How many paths are read in a step. */
const AT_ONCE = 100;

/** The routers of an Ingress: one for each path (pkg/provider/kubernetes/ingress, loadConfigurationFromIngresses). */
export function* ingressRouters(ingress: Ingress, objects: TraefikObjects): Steps<RoutersOf<LostPart>> {
  const annotations = annotationsOf(ingress.metadata.annotations, "router");
  if (annotations instanceof Lost) {
    const field =
      annotations instanceof BadAnnotation
        ? `metadata.annotations[${annotations.annotation}]`
        : "metadata.annotations";
    return { routers: [], lost: [{ owner: ingress, host: "", field, lost: annotations }] };
  }
  const common = commonOf(annotations, objects);
  const { rules, defaultBackend } = ingress.spec;
  if (rules.length === 0 && defaultBackend !== undefined) return defaultRouter(ingress, common, objects);
  const made = new Map<string, Router>();
  const lost: LostPart[] = [];
  for (const { host, paths = [] } of rules)
    for (const [at, path] of paths.entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) yield;
      const router = routerOf({ ingress, host, path }, { annotations, common, objects });
      if (router instanceof Lost) {
        const named = router.when === "later" ? hostsOfUnmatched(call("Host", host)) : undefined;
        const { entryPoints, tls } = common;
        lost.push({
          ...{ owner: ingress, host, path, field: path.field, lost: router },
          router: named && { owner: ingress, at: path, match: named, entryPoints, tls },
        });
        continue;
      }
      const { name, rule, target } = router;
      const key = `${name} ${rule}`;
      // The later of two with one name and one rule replaces the earlier.
      if (!(target instanceof Lost)) made.set(key, { ...router, target });
      else {
        made.delete(key);
        lost.push({ owner: ingress, host, path, field: path.field, lost: target, router });
      }
    }
  return { routers: withNames([...made.values()]).flatMap((router) => drawnServices(router, objects)), lost };
}

/** A router for each Service that may answer: those of one name in Traefik are one. */
function drawnServices(router: Router, objects: TraefikObjects): readonly Router[] {
  const { owner, at } = router;
  if (owner === undefined || typeof at === "string") return [router];
  const { namespace } = owner.metadata;
  const others = collidingServices(namespace, at.backend, objects);
  if (others.length === 0 || at.backend.kind !== "service") return [router];
  const names = [{ namespace, backend: at.backend }, ...others].map(serviceOf);
  const drawnAmong = names.toSorted().join(" and ");
  const more = others.flatMap((other): readonly Router[] => {
    const target = ingressService(other.namespace, other.backend, objects);
    return target instanceof Lost ? [] : [{ ...router, target, drawnAmong }];
  });
  return [{ ...router, drawnAmong }, ...more];
}

type Common = Pick<Router, "entryPoints" | "middlewares" | "priority" | "tls"> & {
  readonly syntax: string | undefined;
};

function commonOf(annotations: ReadAnnotations, { flags }: TraefikObjects): Common {
  return {
    entryPoints: commaList(annotations.get("entrypoints")),
    middlewares: commaList(annotations.get("middlewares")),
    priority: flagInteger(annotations.get("priority") ?? "0") ?? 0n,
    tls: hasTls(annotations) ? { options: annotations.get("tls.options") } : undefined,
    syntax: annotations.get("rulesyntax") || flags.syntax,
  };
}

/** An empty value counts as true, an unreadable one as none; every part of it turns TLS on. */
function hasTls(annotations: ReadAnnotations): boolean {
  const value = annotations.get("tls");
  const isOn = value === "" || (value !== undefined && flagBoolean(value) === true);
  return isOn || [...annotations.keys()].some((key) => key.startsWith("tls."));
}

function defaultRouter(ingress: Ingress, common: Common, objects: TraefikObjects): RoutersOf<LostPart> {
  const { defaultBackend } = ingress.spec;
  if (defaultBackend === undefined) return { routers: [], lost: [] };
  const field = "spec.defaultBackend";
  const target = ingressService(ingress.metadata.namespace, defaultBackend, objects);
  if (target instanceof Lost)
    return { routers: [], lost: [{ owner: ingress, host: "", field, lost: target }] };
  const { entryPoints, middlewares, tls } = common;
  const router: Router = {
    provider: "ingress",
    owner: ingress,
    at: field,
    host: "",
    name: "default-router",
    rule: 'PathPrefix("/")',
    priority: DEFAULT_PRIORITY,
    match: { path: { kind: "prefix-char", path: "/" } },
    ...{ entryPoints, middlewares, tls, target },
  };
  return { routers: [router], lost: [] };
}

interface Source {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: IngressPath;
}

function routerOf(
  { ingress, host, path }: Source,
  {
    annotations,
    common,
    objects,
  }: { readonly annotations: ReadAnnotations; readonly common: Common; readonly objects: TraefikObjects },
): (Omit<Router, "target"> & { readonly target: RouterTarget | Lost }) | Lost {
  const { namespace, name } = ingress.metadata;
  const target = ingressService(namespace, path.backend, objects);
  if (target instanceof Lost && target.when === "at once") return target;
  const matcher = matcherOf(path, annotations);
  if (matcher instanceof Lost) return matcher;
  const syntax = syntaxOf(common.syntax);
  const parts: { readonly rule: RuleNode; readonly text: string }[] = [];
  if (host !== "") parts.push(hostPart(host, syntax));
  if (path.path !== "") parts.push(pathPart(matcher, path.path, objects.flags.strictPrefix));
  if (parts.length === 0)
    return new Lost("a rule with neither host nor path is empty", "Write a host, or the path / as Prefix.");
  const match = matchOfRule(allOf(parts.map(({ rule }) => rule)), syntax);
  if (match instanceof Lost) return match.later();
  const { entryPoints, middlewares, priority, tls } = common;
  return {
    provider: "ingress",
    owner: ingress,
    at: path,
    host,
    name: ingressRouterName(namespace, name, host, path.path),
    rule: parts.map(({ text }) => text).join(" && "),
    ...{ match, entryPoints, middlewares, priority, tls, target },
  };
}

function matcherOf({ pathType, path }: IngressPath, annotations: ReadAnnotations): string | Lost {
  if (pathType === "Exact") return "Path";
  const chosen =
    pathType === "ImplementationSpecific" && path !== "" ? annotations.get("pathmatcher") : undefined;
  if (!chosen) return "PathPrefix";
  if (["Path", "PathPrefix", "PathRegexp"].includes(chosen)) return chosen;
  return new Lost(
    `router.pathmatcher ${JSON.stringify(chosen)} is none of Path, PathPrefix and PathRegexp`,
    "Write Path, PathPrefix or PathRegexp.",
  );
}

function written(name: string, value: string): { readonly rule: RuleNode; readonly text: string } {
  return { rule: call(name, value), text: `${name}(${goQuote(value)})` };
}

function hostPart(host: string, syntax: "v2" | "v3") {
  const isTemplate = syntax === "v2" && host.startsWith("*.");
  return isTemplate
    ? written("HostRegexp", host.replace("*.", "{subdomain:[a-zA-Z0-9-]+}."))
    : written("Host", host);
}

function pathPart(matcher: string, path: string, strict: boolean) {
  if (!strict || matcher !== "PathPrefix" || path === "/") return written(matcher, path);
  const bare = path.endsWith("/") ? path.slice(0, -1) : path;
  const [exact, below] = [written("Path", bare), written("PathPrefix", `${bare}/`)];
  return {
    rule: { kind: "or", of: [exact.rule, below.rule] } as const,
    text: `(${exact.text} || ${below.text})`,
  };
}

/** Names that fall together inside an Ingress get a hash of their rule. */
function withNames(routers: readonly Router[]): readonly Router[] {
  const times = new Map<string, number>();
  for (const { name } of routers) times.set(name, (times.get(name) ?? 0) + 1);
  return routers.map((router) =>
    times.get(router.name) === 1 ? router : { ...router, name: withRuleHash(router.name, router.rule) },
  );
}
