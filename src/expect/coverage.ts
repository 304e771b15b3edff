import type { Outcome } from "../match/outcome.ts";
import type { Share } from "../model/route/action.ts";
import { ownMatchOf, type Route, type RouteTable } from "../model/route.ts";
import { namedHosts } from "../select/table.ts";
import { canaryOf } from "./actual.ts";

/** A path of an Ingress, or its default backend. */
export interface CoveredRule {
  readonly ingress: string;
  /** Of a default backend that answers for one host: its Ingress has one for each. default: every host */
  readonly host?: string | undefined;
  /** Host and path; absent for a default backend. */
  readonly rule?: { readonly host: string; readonly path: string; readonly pathType: string } | undefined;
  /** The rule of an object that has no paths, in its controller's words. */
  readonly match?: string | undefined;
  readonly file: string;
  /** 1-based; 0: unknown */
  readonly line: number;
}

export interface CoverageReport {
  readonly rules: number;
  readonly reached: number;
  /** Rounded down, so that 100 means all. */
  readonly percent: number;
  /** In the order of the manifests. */
  readonly unreached: readonly CoveredRule[];
}

type Place = Pick<CoveredRule, "file" | "line">;

/** Counts the rules of tables that requests reach; rules that several tables have count once. */
export interface Coverage {
  /** `placeOf`: the place of an Ingress by `NAMESPACE/NAME`, for canaries. */
  readonly add: (table: RouteTable, placeOf: (ingress: string) => Place) => void;
  readonly reach: (outcome: Outcome) => void;
  readonly report: () => CoverageReport;
}

export function createCoverage(): Coverage {
  const rules = new Map<string, CoveredRule>();
  const reached = new Set<string>();
  return {
    add: (table, placeOf) => {
      for (const [key, rule] of rulesIn(table, placeOf)) if (!rules.has(key)) rules.set(key, rule);
    },
    reach: (outcome) => {
      const key = reachedRule(outcome);
      if (key !== undefined) reached.add(key);
    },
    report: () => {
      const unreached = [...rules].filter(([key]) => !reached.has(key)).map(([, rule]) => rule);
      const count = rules.size - unreached.length;
      const percent = rules.size === 0 ? 100 : Math.floor((100 * count) / rules.size);
      return { rules: rules.size, reached: count, percent, unreached };
    },
  };
}

/** The rules of a table by their keys, in the order of the manifests. */
export function rulesIn(
  table: RouteTable,
  placeOf: (ingress: string) => Place,
): ReadonlyMap<string, CoveredRule> {
  const rules = new Map<string, CoveredRule>();
  const hosts = hostsOfDefaults(table);
  for (const route of table.routes)
    for (const [key, rule] of rulesOf(route, placeOf, hosts.get(route)))
      if (!rules.has(key)) rules.set(key, rule);
  return rules;
}

/** The names that default backends answer for. */
function hostsOfDefaults(table: RouteTable): ReadonlyMap<Route, string> {
  const hosts = new Map<Route, string>();
  if (table.routes.every(({ rule }) => rule !== undefined)) return hosts;
  for (const [name, { entries }] of namedHosts(table))
    for (const { route } of entries)
      if (route.rule === undefined && !hosts.has(route)) hosts.set(route, name);
  return hosts;
}

/** The key of the rule that answers; `undefined`: none does. */
export function reachedRule({ decision }: Pick<Outcome, "decision">): string | undefined {
  const { route } = decision;
  if (route?.ingress === undefined) return undefined;
  const canary = canaryOf(decision);
  return canary === undefined ? keyOf(route) : canaryKey(canary);
}

function* rulesOf(
  route: Route,
  placeOf: (ingress: string) => Place,
  host: string | undefined,
): Generator<readonly [key: string, rule: CoveredRule]> {
  const { ingress, rule, action } = route;
  if (ingress === undefined) return;
  const { file, line } = ingress;
  const shown = rule && { host: rule.host, path: rule.path, pathType: rule.pathType };
  const name = `${ingress.namespace}/${ingress.name}`;
  yield [keyOf(route), { ingress: name, host, rule: shown, match: ownMatchOf(route), file, line }];
  if (action.kind !== "forward") return;
  for (const { from } of action.shares) {
    if (from === undefined) continue;
    yield [canaryKey(from), { ingress: from.ingress, rule: from.rule, ...placeOf(from.ingress) }];
  }
}

function keyOf(route: Route): string {
  return `${route.ingress?.file} ${route.id}`;
}

/** A canary may be another path's as well, if that has the same Service: one share that is taken is enough. */
function canaryKey({ ingress, rule }: NonNullable<Share["from"]>): string {
  return `canary ${ingress} ${rule.host}${rule.path} ${rule.pathType}`;
}
