import type { Outcome } from "../match/outcome.ts";
import type { Scheme } from "../model/decision.ts";
import type { RouteEntry, VirtualHost } from "../model/route/selection.ts";
import type { Route, RouteTable } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { hostsIn } from "../select/table.ts";

/** A table, and what becomes of requests by it. */
export interface Examined {
  readonly table: RouteTable;
  readonly outcome: (request: SampleRequest) => Outcome;
  /** Of redirects that stay here: a controller's in the cluster, and the local ones. */
  readonly ports: readonly number[];
  /** The field of an Ingress that a route is made of, and its line. default: not known */
  readonly placeOf?: ((route: Pick<Route, "ingress" | "rule">) => RoutePlace | undefined) | undefined;
}

interface RoutePlace {
  /** `spec.rules[0].http.paths[1].path` */
  readonly field: string;
  readonly line: number | undefined;
}

export function getOf(scheme: Scheme, host: string, target: string): SampleRequest {
  return { scheme, method: "GET", target, headers: [["Host", host]] };
}

/** For `explain`. */
export function witnessUrl({ scheme, headers, target }: SampleRequest): string {
  const [, host = ""] = headers.find(([name]) => name === "Host") ?? [];
  return `${scheme}://${host}${target}`;
}

/** A name that leads to the virtual host: one of a wildcard's, or a stranger for `_`. */
export function nameFor(rule: Pick<VirtualHost, "name">): string {
  if (rule.name === "_") return "any.example";
  return rule.name.startsWith("*.") ? `any${rule.name.slice(1)}` : rule.name;
}

/** Each virtual host once. */
export function everyHost(table: RouteTable): ReadonlySet<VirtualHost> {
  return new Set(hostsIn(table));
}

/** Redirects to https would hide what is below them. */
export function openScheme({ steps }: Route): Scheme {
  return steps.some(({ kind }) => kind === "https") ? "https" : "http";
}

/** A request's entry has the route, whatever becomes of the request there. */
export function reaches({ decision }: Outcome, { id }: Route): boolean {
  return decision.route?.id === id;
}

/** Entries of Ingresses' rules. */
export function ruledEntries({ entries }: VirtualHost): readonly RouteEntry[] {
  return entries.filter(({ route }) => route.rule !== undefined);
}
