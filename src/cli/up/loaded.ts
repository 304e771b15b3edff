import { type CompileOptions, compile } from "../../compile/compile.ts";
import type { Problem } from "../../model/problem.ts";
import { mainBackend, type RouteTable } from "../../model/route.ts";
import type { VirtualHost } from "../../model/selection.ts";
import { virtualHosts } from "../../select/table.ts";
import type { Reading } from "../../source/files.ts";
import type { Resolver } from "../../upstream/resolve.ts";
import { type InForce, inForce, stopped } from "../in-force.ts";
import { compileOptionsOf } from "../options/compile-options.ts";
import type { Settings } from "../options.ts";

/** A reading, compiled, and what it puts in force. */
export interface Loaded extends InForce {
  readonly reading: Reading;
  /** The table of the reading, which is not in force where nginx would refuse it and `--exact` is on. */
  readonly wanted: RouteTable;
  /** Of the reading and of the compilation. */
  readonly problems: readonly Problem[];
}

/** Compiles a reading with the controller and classes that the options name. `before`: what is in force till now. */
export function load(
  reading: Reading,
  settings: Settings,
  { completeness, standIns }: Pick<CompileOptions, "completeness" | "standIns">,
  before?: InForce,
): Loaded {
  const compiled = compile(reading.snapshot, compileOptionsOf(settings, completeness, standIns));
  return {
    ...inForce(compiled, reading.snapshot, settings, before),
    reading,
    wanted: compiled.table,
    problems: [...reading.problems, ...compiled.problems, ...stopped(compiled, settings, before)],
  };
}

/** Maps are written as their entries; functions (a compiled pattern) follow from the source beside them. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return value instanceof Set ? [...value] : value;
}

/**
 * Everything that a request can meet, as one text per route and one for the rest: equal texts, equal behaviour. What a
 * backend resolves to is in it, so that a change of replicas counts as one.
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

/** Routes stand for themselves by their ids: all but those that no Ingress made are in `routes`. */
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
