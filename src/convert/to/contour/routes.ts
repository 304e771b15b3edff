import type { Ingress, IngressPath, IngressRule } from "../../../model/resource.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { escapedExpression, escapedPath } from "../envoy/escaped-path.ts";
import { backendRef, type ServicesByName } from "../gateway-api/routes/rules.ts";
import { kept, type Made, type MadeFields, plainMade } from "../made.ts";
import { pathForm } from "../nginx/path-form.ts";
import type { CanaryPath, ServedPaths } from "../nginx/served-paths.ts";
import type { IngressSource } from "../sources.ts";
import { canaryRoutes } from "./canaries.ts";
import type { ProxyParts } from "./parts.ts";

export interface RoutesWorld {
  readonly services: ServicesByName;
  readonly expressions: ReadonlySet<string>;
  /** Hosts of "expressions" where a path can be said as an expression alone. */
  readonly literal: ReadonlySet<string>;
  readonly served: ServedPaths;
  /** Ingresses that let nobody in. */
  readonly shut: Set<Ingress>;
}

export interface LeftRoute {
  readonly field: string;
  readonly why: string;
}

/** The routes of a rule. `more`: of the host, as whether http is served. */
export function proxyRoutes(
  source: IngressSource,
  { host, paths = [] }: IngressRule,
  parts: ProxyParts | undefined,
  world: RoutesWorld,
  more: MadeFields,
): readonly Made[] | LeftRoute {
  const { ingress } = source;
  const routes: Made[] = [];
  for (const path of paths) {
    if (!world.served.serves(source, host, path)) continue;
    const field = `${path.field}.backend`;
    const ref = backendRef(path.backend, ingress.metadata.namespace, field, world.services);
    if (ref === undefined) return { field, why: "names no Service with the number of its port" };
    const made = conditionOf(path, readingOf(host, world), parts);
    if (made === undefined)
      return {
        field: `${path.field}.path`,
        why: "is an expression with a rewrite, and an HTTPProxy replaces prefixes alone",
      };
    const service: MadeFields = { ...ref, ...parts?.service };
    const refusal = world.shut.has(ingress) ? { directResponsePolicy: { statusCode: 403 } } : undefined;
    const answer = refusal ?? parts?.answer;
    const rest: MadeFields = {
      ...more,
      ...(answer ?? { pathRewritePolicy: made.rewrite, ...parts?.route }),
    };
    const copies = parts?.mirror === undefined ? [] : [parts.mirror];
    const one = (conditions: readonly Made[], services: readonly Made[]): MadeFields => ({
      conditions,
      ...(answer === undefined ? { services: [...services, ...copies] } : {}),
      ...rest,
    });
    const canary = answer === undefined ? world.served.canary(ingress, host, path) : undefined;
    const next = canary && otherService(canary, ingress.metadata.namespace, parts, world);
    if (canary === undefined || next === undefined)
      routes.push(kept(one([made.condition], [service]), path.field));
    else
      for (const { conditions, services, isWhole } of canaryRoutes(canary, service, next)) {
        // The last condition says whether the path is exact.
        const route = one([...conditions, made.condition], services);
        routes.push(isWhole ? kept(route, path.field) : route);
      }
  }
  return routes;
}

/** The canary's Service. `undefined`: the HTTPProxy cannot name it */
function otherService(
  { source, path }: CanaryPath,
  namespace: string,
  parts: ProxyParts | undefined,
  { services }: RoutesWorld,
): MadeFields | undefined {
  if (source.ingress.metadata.namespace !== namespace) return undefined;
  const ref = backendRef(path.backend, namespace, "", services);
  return ref && { name: plainMade(ref.name), port: plainMade(ref.port), ...parts?.service };
}

/** How nginx reads the paths of a host; "literal": they stay expressions. */
type PathReading = "plain" | "expression" | "literal";

function readingOf(host: string, { expressions, literal }: RoutesWorld): PathReading {
  if (literal.has(host)) return "literal";
  return expressions.has(host) ? "expression" : "plain";
}

/** `undefined`: an HTTPProxy cannot say it. */
function conditionOf(path: IngressPath, reading: PathReading, parts: ProxyParts | undefined) {
  const isExpression = reading !== "plain";
  const at = (value: string) => kept(value, `${path.field}.path`);
  if (path.pathType === "Exact" && !isExpression)
    return { condition: { exact: at(escapedPath(path.path)) }, rewrite: undefined };
  // Where something else answers nobody gets the path.
  const target = parts?.answer === undefined ? parts?.nginx.settings.rewriteTarget?.source : undefined;
  const usual = pathForm(path, isExpression, target);
  // A prefix alone can be replaced.
  const isReplaced = usual.kind !== "expression" && usual.to !== undefined;
  const form = reading === "literal" && !isReplaced ? pathForm(path, true, target, "literal") : usual;
  if (form.kind === "expression") {
    const source = `${escapedExpression(form.source)}${form.source.endsWith("$") ? "" : ".*"}`;
    if (form.to !== undefined || !source.startsWith("/") || compileRe2(source).kind === "refused")
      return undefined;
    return { condition: { regex: at(source) }, rewrite: undefined };
  }
  const replacement = form.to === undefined ? undefined : parts?.of("rewrite-target", form.to);
  const rewrite = replacement === undefined ? undefined : { replacePrefix: [{ replacement }] };
  return { condition: { prefix: at(escapedPath(form.prefix)) }, rewrite };
}
