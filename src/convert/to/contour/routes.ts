import type { Ingress, IngressPath, IngressRule } from "../../../model/resource.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { type Canaries, canaryKey } from "../gateway-api/canaries.ts";
import { backendRef, type ServicesByName } from "../gateway-api/rules.ts";
import { kept, type Made, type MadeFields } from "../made.ts";
import { annotationField } from "../nginx/lost.ts";
import { pathForm } from "../nginx/path-form.ts";
import type { ProxyParts } from "./parts.ts";

export interface RoutesWorld {
  readonly services: ServicesByName;
  readonly expressions: ReadonlySet<string>;
  readonly canaries: Canaries;
}

export interface LeftRoute {
  readonly field: string;
  readonly why: string;
}

/** The routes of a rule. `more`: of the host, as whether http is served. */
export function proxyRoutes(
  ingress: Ingress,
  { host, paths = [] }: IngressRule,
  parts: ProxyParts | undefined,
  world: RoutesWorld,
  more: MadeFields,
): readonly Made[] | LeftRoute {
  const routes: Made[] = [];
  for (const path of paths) {
    const field = `${path.field}.backend`;
    const ref = backendRef(path.backend, ingress.metadata.namespace, field, world.services);
    if (ref === undefined) return { field, why: "names no Service with the number of its port" };
    const made = conditionOf(path, world.expressions.has(host), parts);
    if (made === undefined)
      return {
        field: `${path.field}.path`,
        why: "is an expression with a rewrite, and an HTTPProxy replaces prefixes alone",
      };
    const service: MadeFields = { ...ref, ...parts?.service };
    const { answer } = parts ?? {};
    const rest: MadeFields = {
      ...more,
      ...(answer ?? { pathRewritePolicy: made.rewrite, ...parts?.route }),
    };
    const one = (conditions: readonly Made[], services: readonly Made[]): MadeFields => ({
      conditions,
      ...(answer === undefined ? { services } : {}),
      ...rest,
    });
    const canary = world.canaries.get(canaryKey(ingress.metadata.namespace, host, path));
    const other =
      canary &&
      backendRef(
        canary.path.backend,
        ingress.metadata.namespace,
        `${canary.path.field}.backend`,
        world.services,
      );
    if (canary === undefined || other === undefined || answer !== undefined) {
      routes.push(kept(one([made.condition], [service]), path.field));
      continue;
    }
    const { rule, weight, weightTotal } = canary.share;
    const next: MadeFields = { name: other.name, port: other.port, ...parts?.service };
    if (rule.cookie !== "") {
      const cookie = (value: string): MadeFields => ({
        header: { name: "Cookie", regex: `(?:.*;\\s*)?${literal(rule.cookie)}=${value}(?:;.*)?` },
      });
      // A header decides first.
      const isOpen = rule.header === "" || rule.value !== "" ? [] : ["always", "never"];
      const others = isOpen.map((value) => ({
        header: { name: rule.header, notexact: value, treatMissingAsEmpty: true },
      }));
      routes.push(one([made.condition, cookie("always"), ...others], [next]));
      routes.push(one([made.condition, cookie("never"), ...others], [service]));
    }
    if (rule.header !== "" && typeof rule.pattern === "object") {
      const header = { name: rule.header, regex: `.*(?:${rule.pattern.source}).*` };
      if (compileRe2(header.regex).kind === "compiled")
        routes.push(one([made.condition, { header }], [next]));
    }
    if (rule.header !== "" && rule.pattern === undefined) {
      const header = (exact: string): MadeFields => ({ header: { name: rule.header, exact } });
      routes.push(one([made.condition, header(rule.value === "" ? "always" : rule.value)], [next]));
      if (rule.value === "") routes.push(one([made.condition, header("never")], [service]));
    }
    const share = Math.min(weight, weightTotal);
    const shares =
      share <= 0
        ? [service]
        : [
            { ...service, weight: weightTotal - share },
            { ...next, weight: kept(share, annotationField("canary-weight")) },
          ];
    routes.push(kept(one([made.condition], shares), path.field));
  }
  return routes;
}

function literal(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** `undefined`: an HTTPProxy cannot say it. */
function conditionOf(path: IngressPath, isExpression: boolean, parts: ProxyParts | undefined) {
  const at = (value: string) => kept(value, `${path.field}.path`);
  if (path.pathType === "Exact" && !isExpression)
    return { condition: { exact: at(path.path) }, rewrite: undefined };
  const form = pathForm(path.path, isExpression, parts?.nginx.settings.rewriteTarget?.source);
  if (form.kind === "expression") {
    const source = `${form.source}${form.source.endsWith("$") ? "" : ".*"}`;
    if (form.to !== undefined || !source.startsWith("/") || compileRe2(source).kind === "refused")
      return undefined;
    return { condition: { regex: at(source) }, rewrite: undefined };
  }
  const replacement = form.to === undefined ? undefined : parts?.of("rewrite-target", form.to);
  const rewrite = replacement === undefined ? undefined : { replacePrefix: [{ replacement }] };
  return { condition: { prefix: at(form.prefix) }, rewrite };
}
