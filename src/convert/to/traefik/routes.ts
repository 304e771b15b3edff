import { append } from "../../../append.ts";
import type { IngressBackend, IngressPath } from "../../../model/resource.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { kept, type Made, type MadeFields, plainMade } from "../made.ts";
import { annotationField } from "../nginx/lost.ts";
import { otherNameOf } from "../nginx/other-names.ts";
import { isRewritten } from "../nginx/path-form.ts";
import type { CanaryPath } from "../nginx/served-paths.ts";
import type { IngressSource } from "../sources.ts";
import { canaryTests } from "./canaries.ts";
import { mirrored } from "./mirrors.ts";
import type { TraefikParts } from "./parts.ts";
import { joinedRules, type PathKind, pathRule, routePriority, ruleOfHosts } from "./rules.ts";
import { type TraefikWorld, triedLater } from "./world.ts";

/** A route of an IngressRoute, before it is written. */
export interface IngressRouteDraft {
  /** The rule of the Ingress that it stands for. */
  readonly host: string;
  readonly match: Made;
  readonly priority: number;
  readonly middlewares: readonly MadeFields[];
  readonly services: readonly MadeFields[];
  /** No redirect to https comes before it: it redirects itself, or is a challenge. */
  readonly staysOnHttp?: true | undefined;
}

/** Why an Ingress cannot be converted. */
export interface LeftAsItIs {
  readonly field: string;
  readonly why: string;
}

/** Every path of an Ingress, its default backend, and redirects of its hosts. */
export function routeDrafts(
  source: IngressSource,
  parts: TraefikParts,
  world: TraefikWorld,
): readonly IngressRouteDraft[] | LeftAsItIs {
  const { ingress } = parts;
  const drafts: IngressRouteDraft[] = [];
  for (const rule of ingress.spec.rules) {
    for (const path of rule.paths ?? []) {
      if (!world.served.serves(source, rule.host, path)) continue;
      const found = pathDrafts(parts, rule.host, `${rule.field}.host`, path, world);
      if ("why" in found) return found;
      append(drafts, found);
    }
    append(drafts, hostDrafts(parts, rule.host, world));
  }
  const { defaultBackend } = ingress.spec;
  if (defaultBackend === undefined) return drafts;
  const field = "spec.defaultBackend";
  const service = serviceOf(defaultBackend, field, parts.service);
  if (service === undefined) return { field, why: NO_SERVICE };
  const hosts = ingress.spec.rules.length === 0 ? [""] : ingress.spec.rules.map(({ host }) => host);
  // Beside rules it is the oldest Ingress's, for each host.
  const isOwn = (host: string) => ingress.spec.rules.length === 0 || world.firsts.get(host) === ingress;
  const free = [...new Set(hosts)].filter((host) => !world.fallbacks.has(host) && isOwn(host));
  for (const host of free) world.fallbacks.add(host);
  const fallback = free.map((host) => ({
    ...{ host, priority: routePriority(host, "", "prefix"), services: [service] },
    match: joinedRules(ruleOfHosts(namesOf(host, world))),
    middlewares: middlewaresOf(parts),
  }));
  return [...drafts, ...fallback];
}

/** nginx never redirects these to https. */
const CHALLENGES = "/.well-known/acme-challenge";
const NO_SERVICE = "names no Service, and Traefik asks nothing else";

function namesOf(host: string, { aliases }: TraefikWorld): readonly string[] {
  return [host, ...(aliases.get(host) ?? [])];
}

function middlewaresOf({ redirect, chain }: TraefikParts): readonly MadeFields[] {
  return redirect === undefined ? chain : [redirect];
}

function serviceOf(backend: IngressBackend, field: string, more: MadeFields): MadeFields | undefined {
  if (backend.kind !== "service") return undefined;
  const { name, port } = backend;
  return {
    name: kept(name, `${field}.service.name`),
    port: kept("number" in port ? port.number : port.name, `${field}.service.port`),
    ...more,
  };
}

function pathDrafts(
  parts: TraefikParts,
  host: string,
  hostField: string,
  path: IngressPath,
  world: TraefikWorld,
): readonly IngressRouteDraft[] | LeftAsItIs {
  const field = `${path.field}.backend`;
  const main = serviceOf(path.backend, field, parts.service);
  if (main === undefined) return { field, why: NO_SERVICE };
  const kind = kindOf(path, world.expressions.has(host));
  const written = path.path === "" ? "/" : path.path;
  if (kind === "expression" && compileRe2(`(?i)^${written}`).kind === "refused")
    return {
      field: `${path.field}.path`,
      why: "is none of RE2's expressions: it has look-around or the like",
    };
  const rule = kept(
    kept(joinedRules(ruleOfHosts(namesOf(host, world)), pathRule(written, kind)), `${path.field}.path`),
    hostField,
  );
  const draft: IngressRouteDraft = {
    host,
    match: rule,
    priority: routePriority(host, written, kind, triedLater(world, host, path.path)),
    middlewares: [...middlewaresOf(parts), ...rewriteOf(parts, path, kind)],
    services: [main],
    staysOnHttp: parts.redirect !== undefined || written.startsWith(CHALLENGES) ? true : undefined,
  };
  const canary = world.served.canary(parts.ingress, host, path);
  if (canary !== undefined) return withCanary(draft, canary, main, parts);
  return [parts.redirect === undefined ? { ...draft, services: [mirrored(main, parts)] } : draft];
}

function kindOf({ pathType }: IngressPath, isExpression: boolean): PathKind {
  if (isExpression) return "expression";
  return pathType === "Exact" ? "exact" : "prefix";
}

/** nginx replaces the whole path by the target. */
function rewriteOf(parts: TraefikParts, written: IngressPath, kind: PathKind): readonly MadeFields[] {
  const target = parts.nginx.settings.rewriteTarget?.source;
  if (target === undefined || kind !== "expression" || parts.redirect !== undefined) return [];
  if (!isRewritten(written, target)) return [];
  const path = written.path === "" ? "/" : written.path;
  // Of a Prefix that is its own target only what is below it is rewritten.
  const rest = target === path ? "/.*" : ".*";
  const end = /(?:\.\*\)?\$?|\$)$/.test(path) ? "" : rest;
  const replacement = target.replace(/\$(\d)/g, "$${$1}");
  const regex = `(?i)^${path}${end}`;
  const suffix = `rewrite${rewritesBefore(parts)}`;
  const spec = { regex, replacement: kept(replacement, annotationField("rewrite-target")) };
  return [parts.middleware(suffix, { replacePathRegex: spec })];
}

/** `""`, `-2`, … */
function rewritesBefore({ objects, ingress }: TraefikParts): string {
  const name = `${ingress.metadata.name}-rewrite`;
  const count = objects.filter(({ metadata }) => String(metadata.name).startsWith(name)).length;
  return count === 0 ? "" : `-${count + 1}`;
}

/** Routes that a header or cookie chooses, and the route itself with both Services. */
function withCanary(
  draft: IngressRouteDraft,
  { share, path, source: { ingress } }: CanaryPath,
  main: MadeFields,
  parts: TraefikParts,
): readonly IngressRouteDraft[] {
  if (ingress.metadata.namespace !== parts.ingress.metadata.namespace) return [draft];
  const written = serviceOf(path.backend, "", parts.service);
  if (written === undefined) return [draft];
  const canary: MadeFields = { ...written, name: plainMade(written.name), port: plainMade(written.port) };
  // The canary's document goes, and its comments come here.
  const own = (fields: MadeFields) => kept(fields, ingress) as unknown as MadeFields;
  const tests = canaryTests(share);
  const chosen = tests.map((test, at) => ({
    ...draft,
    match: joinedRules(String(plainMade(draft.match)), test.rule),
    priority: draft.priority + tests.length - at,
    services: [test.to === "canary" ? own(canary) : main],
  }));
  const { weight, weightTotal: total } = share;
  const services =
    weight <= 0
      ? [main]
      : [
          ...(weight < total ? [{ ...main, weight: total - weight }] : []),
          own({ ...canary, weight: Math.min(weight, total) }),
        ];
  return [...chosen, { ...draft, services }];
}

/** Of a host: its root, and its name with or without www. */
function hostDrafts(parts: TraefikParts, host: string, world: TraefikWorld): readonly IngressRouteDraft[] {
  const { appRoot, fromToWww } = parts.nginx.settings;
  const drafts: IngressRouteDraft[] = [];
  if (appRoot !== undefined && !appRoot.source.includes("$")) {
    const replacement = parts.of("app-root", `\${1}${appRoot.source}`);
    const redirectRegex = { regex: "^(https?://[^/]+)/(\\?.*)?$", replacement };
    drafts.push({
      ...{ host, services: [NO_OP], staysOnHttp: true },
      match: joinedRules(ruleOfHosts(namesOf(host, world)), pathRule("/", "exact")),
      priority: routePriority(host, "/", "exact") + 7,
      middlewares: [rootOnce(parts, redirectRegex)],
    });
  }
  const other = otherNameOf(host);
  if (fromToWww && other !== undefined && !world.hosts.has(other)) {
    const redirectRegex = {
      regex: `^(https?)://${other.replaceAll(".", "\\.")}(?::\\d+)?(/.*)?$`,
      replacement: `\${1}://${host}\${2}`,
      permanent: true,
    };
    const middlewares = [
      parts.middleware(host.startsWith("www.") ? "to-www" : "from-www", { redirectRegex }),
    ];
    const match = ruleOfHosts([other]);
    drafts.push({
      ...{ host, match, middlewares, services: [NO_OP] },
      priority: routePriority(other, "", "prefix"),
      staysOnHttp: true,
    });
  }
  return drafts;
}

/** Behind a Middleware that always redirects. */
const NO_OP: MadeFields = { name: "noop@internal", kind: "TraefikService" };

function rootOnce(parts: TraefikParts, redirectRegex: MadeFields): MadeFields {
  const name = `${parts.ingress.metadata.name}-root`;
  const isThere = parts.objects.some(({ metadata }) => metadata.name === name);
  return isThere ? { name } : parts.middleware("root", { redirectRegex });
}
