import { isIPv6 } from "node:net";
import type { Listener } from "../model/event.ts";
import type { Route, RouteRule, RouteTable } from "../model/route.ts";

/** Every host of a table that somebody can type: names and wildcards, aliases too, in the order of the Ingresses. */
export function hostsOf(table: RouteTable): readonly string[] {
  return [...table.exactHosts.keys(), ...table.wildcardHosts.keys()];
}

/** Addresses that lead to a listener from this computer: `127.0.0.1` stands for both loopback addresses. */
export function addressesFor(bind: string): readonly string[] {
  if (bind === "127.0.0.1" || bind === "0.0.0.0" || bind === "::") return ["127.0.0.1", "::1"];
  return [bind];
}

/** Whether only this computer reaches an address. */
export function isLoopback(bind: string): boolean {
  return bind === "::1" || bind.startsWith("127.") || bind.toLowerCase().startsWith("::ffff:127.");
}

/** `http://HOST:31000/path`, without the port where it is the scheme's own. */
export function urlOf(scheme: "http" | "https", host: string, port: number, path: string): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  const isUsual = port === (scheme === "http" ? 80 : 443);
  return `${scheme}://${name}${isUsual ? "" : `:${port}`}${path}`;
}

/** A path to try for a rule: a regular expression up to where it stops being a plain path. */
function pathToTry(path: string, isRegex: boolean): string {
  if (!isRegex) return path === "" ? "/" : path;
  const plain = /^[\w\-./~]*/.exec(path)?.[0] ?? "";
  // A character that is followed by a quantifier may be missing; `.` stands for any.
  const certain = /[?*{]/.test(path[plain.length] ?? "") ? plain.slice(0, -1) : plain;
  return certain.startsWith("/") ? certain : "/";
}

/** One URL to try per host that can be typed, https where the host has TLS. */
export function urlsOf(
  table: RouteTable,
  ports: { readonly http: Pick<Listener, "port">; readonly https: Pick<Listener, "port"> },
): readonly string[] {
  const firstRules = rulesByHost(table.routes);
  return [...table.exactHosts].map(([name, host]) => {
    const scheme = table.tlsNames.has(name) ? "https" : "http";
    const rule = firstRules.get(host.name);
    const path = rule === undefined ? "/" : pathToTry(rule.path, rule.regex);
    return urlOf(scheme, name, ports[scheme].port, path);
  });
}

/** By host, the rule that stands first in its oldest Ingress: the one that a reader of the manifest sees first. */
function rulesByHost(routes: readonly Route[]): ReadonlyMap<string, RouteRule> {
  const first = new Map<string, Route & { readonly rule: RouteRule }>();
  for (const route of routes) {
    const { rule, ingress } = route;
    if (rule === undefined) continue;
    const host = rule.host.toLowerCase();
    const before = first.get(host);
    const isEarlier =
      before?.ingress?.file === ingress?.file && (ingress?.line ?? 0) < (before?.ingress?.line ?? 0);
    if (before === undefined || isEarlier) first.set(host, { ...route, rule });
  }
  return new Map([...first].map(([host, { rule }]) => [host, rule]));
}
