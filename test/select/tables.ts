import type {
  HostMatch,
  HostTable,
  PathMatch,
  RouteEntry,
  RouteIndex,
  RouteMatch,
  Selection,
  VirtualHost,
} from "../../src/model/route/selection.ts";
import { rankOrder } from "../../src/select/rank-order.ts";

/** A rule as a test writes it. */
export interface Rule {
  /** `a.test`, `*.a.test` (one label); `""`: every host. */
  readonly host: string;
  readonly path: PathMatch;
  readonly rank: number;
  readonly when?: RouteMatch["when"];
}

const TRANSPORT = {} as RouteEntry["route"]["transport"];
const ACTION = { kind: "respond", status: 404, why: [] } as const;

/** An entry whose route has only an id. */
export function entryOf(id: string, match: RouteMatch, rank: number): RouteEntry {
  const route = { id, why: [], transport: TRANSPORT, steps: [], action: ACTION };
  return { kind: "route", match, rank, route };
}

export const MISS = entryOf("miss", { path: { kind: "any" } }, Number.POSITIVE_INFINITY);

export function virtualHost(name: string, entries: readonly RouteEntry[], index?: RouteIndex): VirtualHost {
  return { name, before: [], entries, index: index ?? rankOrder(entries), miss: MISS };
}

/** One list over all hosts; a rule's id is its index. */
export function listForm(rules: readonly Rule[], ties: "first" | "drawn" = "first"): Selection {
  const entries = rules.map(({ host, path, rank, when }, at) =>
    entryOf(String(at), { path, when, hosts: host === "" ? undefined : [hostMatch(host)] }, rank),
  );
  return { kind: "list", host: virtualHost("*", entries, rankOrder(entries, { ties, star: "word" })) };
}

function hostMatch(host: string): HostMatch {
  return { kind: host.startsWith("*.") ? "one-label" : "exact", name: host };
}

/**
 * Host first. If a host has nothing for a path: its miss, the next less specific host, or every host's rules.
 */
export function hostsForm(
  rules: readonly Rule[],
  onMiss: "answer" | "next host" | "any host",
): { readonly kind: "hosts"; readonly hosts: HostTable } {
  const byHost = new Map<string, RouteEntry[]>([["", []]]);
  for (const [at, { host, path, rank, when }] of rules.entries()) {
    const list = byHost.get(host) ?? [];
    byHost.set(host, list);
    list.push(entryOf(String(at), { path, when }, rank));
  }
  const any = virtualHost("_", byHost.get("") ?? []);
  const named = [...byHost].filter(([name]) => name !== "");
  const wild = named.filter(([name]) => name.startsWith("*."));
  const next = onMiss === "answer" ? undefined : any;
  const oneLabel = new Map(
    wild.map(([name, entries]) => [name, { ...virtualHost(name, entries), next }] as const),
  );
  const nextOf = (name: string) =>
    (onMiss === "next host" ? oneLabel.get(name.replace(/^[^.]*/, "*")) : undefined) ?? next;
  const exact = new Map(
    named
      .filter(([name]) => !name.startsWith("*."))
      .map(([name, entries]) => [name, { ...virtualHost(name, entries), next: nextOf(name) }] as const),
  );
  const hosts: HostTable = {
    ...{ exact, oneLabel, any, star: "word" },
    ...{ suffix: new Map(), prefix: new Map(), patterns: [] },
  };
  return { kind: "hosts", hosts };
}
