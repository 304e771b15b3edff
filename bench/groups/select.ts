import type { HostTable, RouteEntry, RouteLookup, Selection } from "../../src/model/route/selection.ts";
import { findVirtualHost } from "../../src/select/host.ts";
import { rankOrder } from "../../src/select/rank-order.ts";
import { select } from "../../src/select/select.ts";
import type { BenchOptions } from "../bench.ts";

/** Rules of one host, ten as usual: a few prefixes, an exact path, and the root. */
const PATHS = [
  "/api/v1",
  "/api",
  "/cart",
  "/static/css",
  "/static",
  "/login",
  "/a/b/c",
  "/health",
  "/x",
  "/",
];

interface BenchRule {
  readonly host: string;
  readonly entry: RouteEntry;
}

function rulesOf(count: number): readonly BenchRule[] {
  return Array.from({ length: count }, (_, at) => {
    const host = `shop-${Math.floor(at / PATHS.length)}.test`;
    const path = PATHS[at % PATHS.length] ?? "/";
    const route = { id: `${host}${path}` } as RouteEntry["route"];
    // Longer paths first on any host, as in controllers that sort one list.
    const rank = (20 - path.length) * count + at;
    return { host, entry: { kind: "route", match: { path: { kind: "prefix-element", path } }, rank, route } };
  });
}

const miss = { kind: "route", rank: 0, match: { path: { kind: "any" } } } as RouteEntry;
const host = (name: string, entries: readonly RouteEntry[]) => ({
  ...{ name, entries, miss, before: [], index: rankOrder(entries) },
});

function hostFirst(rules: readonly BenchRule[]): Selection {
  const byHost = new Map<string, RouteEntry[]>();
  for (const { host, entry } of rules) byHost.set(host, [...(byHost.get(host) ?? []), entry]);
  const hosts: HostTable = {
    exact: new Map([...byHost].map(([name, entries]) => [name, host(name, entries)])),
    ...{ suffix: new Map(), prefix: new Map(), oneLabel: new Map(), patterns: [] },
    ...{ any: host("_", []), star: "word" },
  };
  return { kind: "hosts", hosts };
}

function oneList(rules: readonly BenchRule[]): Selection {
  const entries = rules.map(({ host: name, entry }) => ({
    ...entry,
    match: { ...entry.match, hosts: [{ kind: "exact", name } as const] },
  }));
  return { kind: "list", host: host("*", entries) };
}

/** One request per rule. */
function lookupsFor(rules: readonly BenchRule[]): readonly RouteLookup[] {
  return rules.map(({ host, entry }) => {
    const path = entry.match.path.kind === "prefix-element" ? entry.match.path.path : "/";
    const asked = { path: `${path}/users`.replace("//", "/"), query: "" };
    return { name: host, path: asked } as RouteLookup;
  });
}

/** Processor time of one search, with the requests in turn. Best of several rounds. unit: ns */
function nanoseconds(selection: Selection, lookups: readonly RouteLookup[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 9; round++) {
    const times = Math.ceil(200_000 / lookups.length);
    const started = process.cpuUsage();
    for (let turn = 0; turn < times; turn++)
      for (const lookup of lookups) select(findVirtualHost(selection, lookup.name), lookup);
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, ((user + system) * 1000) / (times * lookups.length));
  }
  return best;
}

/** Both forms of selection with the same rules, 10 and 100,000, for the ten rules of one host. */
export async function benchSelect({ report }: Pick<BenchOptions, "report">): Promise<void> {
  const [few, many] = [rulesOf(10), rulesOf(100_000)];
  const forms = [
    ["host first", hostFirst],
    ["one list with the host as a condition", oneList],
  ] as const;
  for (const [form, build] of forms) {
    const alone = nanoseconds(build(few), lookupsFor(few));
    const among = nanoseconds(build(many), lookupsFor(many.slice(50_000, 50_010)));
    report({
      what: `the search for a host's ten rules among 100000, ${form}`,
      figures: { "among 100000": among, alone },
      ...{ unit: "ns", ratio: among / alone, limit: 1.2, of: "the same ten alone" },
    });
  }
}
