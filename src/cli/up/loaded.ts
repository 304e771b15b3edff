import { type CompileOptions, compileInSteps } from "../../compile/compile.ts";
import type { Memory } from "../../compile/memory.ts";
import type { Problem } from "../../model/problem.ts";
import type { VirtualHost } from "../../model/route/selection.ts";
import { mainBackend, type RouteTable } from "../../model/route.ts";
import { virtualHosts } from "../../select/table.ts";
import type { Reading } from "../../source/files.ts";
import { atOnce } from "../../steps.ts";
import type { Resolver } from "../../upstream/resolve.ts";
import { compileOptionsOf } from "../options/compile-options.ts";
import type { Settings } from "../options.ts";
import { type InForce, inForce, stopped } from "../routing/in-force.ts";

/** A compiled reading and its table in force. */
export interface Loaded extends InForce {
  readonly reading: Reading;
  /** The reading's table; not in force if nginx would refuse it with `--exact`. */
  readonly wanted: RouteTable;
  /** From reading and compilation. */
  readonly problems: readonly Problem[];
}

/** Compiles a reading with the selected controller and classes. `before`: currently in force */
export function load(
  reading: Reading,
  settings: Settings,
  {
    completeness,
    standIns,
    memory,
  }: Pick<CompileOptions, "completeness" | "standIns"> & { readonly memory: Memory },
  before?: InForce,
): Loaded {
  const options = compileOptionsOf(settings, completeness, standIns);
  const compiled = atOnce(compileInSteps(reading.snapshot, options, memory));
  return {
    ...inForce(compiled, reading.snapshot, settings, before),
    reading,
    wanted: compiled.table,
    problems: [...reading.problems, ...compiled.problems, ...stopped(compiled, settings, before)],
  };
}

/**
 * Maps and sets become lists. Functions (compiled patterns) need no copy: their source stands beside them.
 */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return value instanceof Set ? [...value] : value;
}

/**
 * One text per route and one for the rest: equal texts, equal behaviour. Includes each backend's upstreams,
 * so a change of replicas counts.
 */
export function fingerprint(table: RouteTable, resolver: Pick<Resolver, "describe">): string {
  const { entryPoints, ...rest } = table;
  const upstreams = table.routes.map((route) => {
    const backend = mainBackend(route);
    return backend === undefined ? "" : resolver.describe(backend);
  });
  const hosts = [...virtualHosts(table)].map(([host, names]) => [names, printOf(host)]);
  const points = entryPoints.map(({ name, scheme, port, selection }) => [name, scheme, port, selection.kind]);
  return JSON.stringify([rest, upstreams, points, hosts], plain);
}

/** Routes are given by id: `routes` contains all that come from an Ingress. */
function printOf({ name, before, entries, miss, next, tls }: VirtualHost): object {
  return {
    ...{ name, before, tls, next: next?.name },
    entries: [...entries, miss].map(({ match, rank, route, locally }) => [
      ...[match, rank, route.id, locally?.route.id],
    ]),
  };
}

/** The routes that came and went, by `Route.id`. */
export function changedRoutes(
  before: RouteTable,
  after: RouteTable,
): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  const old = new Set(before.routes.map(({ id }) => id));
  const now = new Set(after.routes.map(({ id }) => id));
  return {
    added: [...now].filter((id) => !old.has(id)),
    removed: [...old].filter((id) => !now.has(id)),
  };
}
