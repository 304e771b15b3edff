import type { HostTable, RouteEntry, RouteLookup, Selection } from "../src/model/selection.ts";
import { findVirtualHost } from "../src/select/host.ts";
import { rankOrder } from "../src/select/rank-order.ts";
import { select } from "../src/select/select.ts";
import type { Outcome } from "./outcome.ts";

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

/** Processor time of one search over all rules in turn. Best of several rounds. unit: ns */
function nanoseconds(selection: Selection, rules: readonly BenchRule[]): number {
  const step = Math.max(1, Math.floor(rules.length / 20_000));
  const lookups = rules
    .filter((_, at) => at % step === 0)
    .map(({ host, entry }): RouteLookup => {
      const path = entry.match.path.kind === "prefix-element" ? entry.match.path.path : "/";
      const asked = { path: `${path}/users`.replace("//", "/"), query: "" };
      return { name: host, path: asked } as RouteLookup;
    });
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 7; round++) {
    const times = Math.ceil(300_000 / lookups.length);
    const started = process.cpuUsage();
    for (let turn = 0; turn < times; turn++)
      for (const lookup of lookups) select(findVirtualHost(selection, lookup.name), lookup);
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, ((user + system) * 1000) / (times * lookups.length));
  }
  return best;
}

/**
 * Both forms of selection with the same rules, 10 and 100,000. `request`: processor time of a proxied request
 * in µs.
 */
export function benchSelect(request: number): readonly Outcome[] {
  const [few, many] = [rulesOf(10), rulesOf(100_000)];
  const forms = [
    ["host first", hostFirst],
    ["one list with the host as a condition", oneList],
  ] as const;
  const measured = forms.map(([form, build]) => {
    const ns = [few, many].map((rules) => nanoseconds(build(rules), rules));
    return { form, few: ns[0] ?? 0, many: ns[1] ?? 0 };
  });
  const [first, list] = measured;
  const beside = list === undefined || first === undefined ? 0 : list.many / first.many;
  return measured.map(({ form, few, many }) => ({
    what: `a request among 100,000 rules beside one among 10, ${form}`,
    figure: `the search takes ${many.toFixed(0)} ns instead of ${few.toFixed(0)} ns of the request's ${request.toFixed(0)} µs; one list takes ${beside.toFixed(2)} times as long as host first`,
    ratio: (request + many / 1000) / (request + few / 1000),
    limit: 1.2,
  }));
}
