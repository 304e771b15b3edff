import { isIPv6 } from "node:net";
import type { Listener } from "../model/event.ts";
import type { Route, RouteRule, RouteTable } from "../model/route.ts";
import { hostNames, namedHosts } from "../select/table.ts";

/** Every host of a table that a user can type, wildcards and aliases included, in Ingress order. */
export function hostsOf(table: RouteTable): readonly string[] {
  return hostNames(table);
}

/** Local addresses of a listener; `127.0.0.1` means both loopback addresses. */
export function addressesFor(bind: string): readonly string[] {
  if (bind === "127.0.0.1" || bind === "0.0.0.0" || bind === "::") return ["127.0.0.1", "::1"];
  return [bind];
}

export function isLoopback(bind: string): boolean {
  return bind === "::1" || bind.startsWith("127.") || bind.toLowerCase().startsWith("::ffff:127.");
}

export function urlOf(scheme: "http" | "https", host: string, port: number, path: string): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  const isUsual = port === (scheme === "http" ? 80 : 443);
  return `${scheme}://${name}${isUsual ? "" : `:${port}`}${path}`;
}

/** A path to try for a rule: the plain beginning of a regular expression. */
function pathToTry(path: string, isRegex: boolean): string {
  if (!isRegex) return path === "" ? "/" : path;
  const plain = /^[\w\-./~]*/.exec(path)?.[0] ?? "";
  // A quantifier may make the character before it optional; `.` stands for any.
  const certain = /[?*{]/.test(path[plain.length] ?? "") ? plain.slice(0, -1) : plain;
  return certain.startsWith("/") ? certain : "/";
}

/** One URL per typeable host; https if the host has TLS. */
export function urlsOf(
  table: RouteTable,
  ports: { readonly http: Pick<Listener, "port">; readonly https: Pick<Listener, "port"> },
): readonly string[] {
  const firstRules = rulesByHost(table.routes);
  const typed = [...namedHosts(table)].filter(([name]) => !name.startsWith("*."));
  return typed.map(([name, host]) => {
    const scheme = table.tlsNames.has(name) ? "https" : "http";
    const rule = firstRules.get(name) ?? firstRules.get(host.name);
    const path = rule === undefined ? "/" : pathToTry(rule.path, rule.regex);
    return urlOf(scheme, name, ports[scheme].port, path);
  });
}

/** By host, the first rule of its oldest Ingress, which a reader of the manifest sees first. */
function rulesByHost(routes: readonly Route[]): ReadonlyMap<string, RouteRule> {
  const first = new Map<string, { readonly rule: RouteRule; readonly ingress: Route["ingress"] }>();
  for (const { rule, ingress } of routes) {
    if (rule === undefined) continue;
    const host = rule.host.toLowerCase();
    const before = first.get(host);
    const isEarlier =
      before?.ingress?.file === ingress?.file && (ingress?.line ?? 0) < (before?.ingress?.line ?? 0);
    if (before === undefined || isEarlier) first.set(host, { rule, ingress });
  }
  return new Map([...first].map(([host, { rule }]) => [host, rule]));
}
