import type { Route, RouteRule, RouteTable } from "../model/route.ts";
import { oncePer } from "../once-per.ts";

/** The rules of a table, whichever Ingress has them. */
export interface TableRules {
  readonly byRule: ReadonlyMap<string, Route>;
  /** By host and path, whatever the path's type. */
  readonly byPath: ReadonlyMap<string, Route>;
  /** One for each host, lower case. */
  readonly byHost: ReadonlyMap<string, Route>;
  /** `default/shop` */
  readonly ingresses: ReadonlySet<string>;
}

export const tableRules = oncePer(({ routes }: RouteTable): TableRules => {
  const byRule = new Map<string, Route>();
  const byPath = new Map<string, Route>();
  const byHost = new Map<string, Route>();
  const ingresses = new Set<string>();
  for (const route of routes) {
    const name = ingressOf(route);
    if (name !== undefined) ingresses.add(name);
    const key = ruleKey(route);
    if (!byRule.has(key)) byRule.set(key, route);
    const { rule } = route;
    if (rule === undefined) continue;
    if (!byPath.has(pathKey(rule))) byPath.set(pathKey(rule), route);
    if (!byHost.has(rule.host.toLowerCase())) byHost.set(rule.host.toLowerCase(), route);
  }
  return { byRule, byPath, byHost, ingresses };
});

/** `default/shop` */
export function ingressOf(route: Route | undefined): string | undefined {
  return route?.ingress && `${route.ingress.namespace}/${route.ingress.name}`;
}

/** Equal for the same rule in another Ingress. `""`: the controller's own answer. */
export function ruleKey(route: Route | undefined): string {
  if (route === undefined) return "";
  if (route.rule !== undefined) return `${pathKey(route.rule)} ${route.rule.pathType}`;
  return route.ingress === undefined ? "" : `default backend of ${ingressOf(route)}`;
}

export function pathKey({ host, path }: Pick<RouteRule, "host" | "path">): string {
  return `${host.toLowerCase()} ${path}`;
}

/** `shop.test /cart (Prefix) of Ingress default/shop` */
export function routeInWords(route: Route): string {
  const { rule } = route;
  const of = `of ${route.ingress?.kind ?? "Ingress"} ${ingressOf(route)}`;
  if (rule === undefined) return `the default backend ${of}`;
  return `${rule.host === "" ? "*" : rule.host} ${rule.path} (${rule.pathType}) ${of}`;
}
