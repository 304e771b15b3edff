import { append } from "../../../append.ts";
import { textsOf } from "../../../model/reason.ts";
import type { RouteEntry, Selection, VirtualHost } from "../../../model/route/selection.ts";
import { type Backend, mainBackend, type Route, type RouteTable } from "../../../model/route.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import { haveSameServices } from "../../../service/index.ts";
import type { Steps } from "../../../steps.ts";

/** The table in force, as far as users see it. */
export interface Announced {
  readonly table: RouteTable;
  readonly snapshot: Snapshot;
  /** The targets of a backend at that time. */
  readonly describe: (backend: Backend) => string;
}

interface Changes {
  /** `Route.id`s of routes that came and went. */
  readonly routes: RouteChanges;
  /** `changed`: hosts came or went. */
  readonly hosts: "changed" | "same";
}

interface RouteChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** How many things are compared in a step. */
const AT_ONCE = 500;

/**
 * The difference for users; `undefined`: there is none. A host that is the same object is the same; others are compared
 * by what they do, without the lines of their manifests.
 */
export function* changesBetween(before: Announced, now: Announced): Steps<Changes | undefined> {
  const pairs = yield* changedHosts(before.table, now.table);
  let differs = restOf(before.table) !== restOf(now.table);
  for (const { old, made } of pairs)
    differs ||= old === undefined || made === undefined || (yield* doHostsDiffer(old, made));
  differs ||= yield* doListsDiffer(before.table, now.table);
  if (!haveSameServices(before.snapshot, now.snapshot)) differs ||= yield* doTargetsDiffer(before, now);
  if (!differs) return undefined;
  const isOther = pairs.some(({ old, made }) => old === undefined || made === undefined);
  return {
    routes: yield* changedRoutes(pairs, before.table, now.table),
    hosts: isOther ? "changed" : "same",
  };
}

/** A route may serve several hosts: what goes with one of them may stay with another. */
function* changedRoutes(
  pairs: readonly ChangedHost[],
  before: RouteTable,
  now: RouteTable,
): Steps<RouteChanges> {
  const [gone, come] = [new Map<string, Route>(), new Map<string, Route>()];
  for (const { old, made } of pairs) {
    if (old !== undefined && made !== undefined && haveSameRoutes(old, made)) continue;
    for (const route of routesOf(old)) gone.set(route.id, route);
    for (const route of routesOf(made)) come.set(route.id, route);
    yield;
  }
  const added = new Map([...come].filter(([id]) => !gone.has(id)));
  const removed = new Map([...gone].filter(([id]) => !come.has(id)));
  yield* dropRoutesOf(before, added);
  yield* dropRoutesOf(now, removed);
  return { added: [...added.keys()], removed: [...removed.keys()] };
}

function* dropRoutesOf({ routes }: RouteTable, from: Map<string, Route>): Steps<void> {
  // Ids are made when asked for: of all routes that is as much as all the rest.
  const names = new Set([...from.values()].map(({ ingress }) => ingress?.name));
  if (names.size === 0) return;
  for (const [at, route] of routes.entries()) {
    if (names.has(route.ingress?.name)) from.delete(route.id);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
}

interface ChangedHost {
  readonly old: VirtualHost | undefined;
  readonly made: VirtualHost | undefined;
}

/** Hosts that are not the same object, by the names that they are found by. */
function* changedHosts(before: RouteTable, now: RouteTable): Steps<readonly ChangedHost[]> {
  const changed: ChangedHost[] = [];
  const [old, made] = [namesIn(before), namesIn(now)];
  for (const [at, names] of made.entries()) append(changed, yield* changedNames(old[at] ?? NO_NAMES, names));
  for (const names of old.slice(made.length)) append(changed, yield* changedNames(names, NO_NAMES));
  return changed;
}

function* changedNames(before: Names, now: Names): Steps<readonly ChangedHost[]> {
  const changed: ChangedHost[] = [];
  let seen = 0;
  for (const [name, made] of now) {
    const old = before.get(name);
    if (old !== made) changed.push({ old, made });
    seen += 1;
    if (seen % AT_ONCE === 0) yield;
  }
  for (const [name, old] of before) if (!now.has(name)) changed.push({ old, made: undefined });
  return changed;
}

const NO_NAMES: Names = new Map();

/** Entry points may share a selection. */
function namesIn({ entryPoints }: RouteTable): readonly Names[] {
  return [...new Set(entryPoints.map(({ selection }) => selection))].flatMap(namesOf);
}

type Names = ReadonlyMap<string, VirtualHost>;

function namesOf(selection: Selection): readonly Names[] {
  if (selection.kind === "list") return [new Map([["", selection.host]])];
  const { exact, oneLabel, suffix, prefix, patterns, any } = selection.hosts;
  const byPattern = new Map(patterns.map(({ pattern, host }) => [pattern.source, host]));
  return [new Map([["", any]]), exact, oneLabel, suffix, prefix, byPattern];
}

function* doHostsDiffer(a: VirtualHost, b: VirtualHost): Steps<boolean> {
  if (textOf(headOf(a)) !== textOf(headOf(b))) return true;
  if (haveSameRoutes(a, b)) return false;
  if (a.entries.length !== b.entries.length) return true;
  if (textOfEntry(a.miss) !== textOfEntry(b.miss)) return true;
  for (const [at, entry] of a.entries.entries()) {
    const other = b.entries[at];
    if (other === undefined || textOfEntry(entry) !== textOfEntry(other)) return true;
    if (at % 50 === 49) yield;
  }
  return false;
}

/** Hosts may be wrapped anew around the same routes. */
function haveSameRoutes(a: VirtualHost, b: VirtualHost): boolean {
  return a.entries === b.entries && a.miss === b.miss;
}

function headOf({ name, before, tls, next }: VirtualHost): object {
  return { name, before, tls, next: next?.name };
}

function textOfEntry({ match, rank, route, locally }: RouteEntry): string {
  return textOf([match, rank, ofRoute(route), locally && [ofRoute(locally.route), locally.production]]);
}

function ofRoute({ id, ingress, steps, action, transport, why }: Route): object {
  return [id, ingress?.file, steps, action, transport, textsOf(why)];
}

/** Everything that is not a list of the size of the manifests. */
function restOf(table: RouteTable): string {
  const { controller, options, streams, defaultCertificate, outside, entryPoints } = table;
  const points = entryPoints.map(({ name, scheme, port, selection }) => [name, scheme, port, selection.kind]);
  return textOf([controller, options, streams, defaultCertificate, outside && ofRoute(outside), points]);
}

function* doListsDiffer(a: RouteTable, b: RouteTable): Steps<boolean> {
  if (a.routes.length !== b.routes.length || a.tlsHosts.length !== b.tlsHosts.length) return true;
  if (a.tlsNames.size !== b.tlsNames.size || a.unserved.size !== b.unserved.size) return true;
  for (const [at, route] of b.routes.entries()) {
    const other = a.routes[at];
    if (other !== route && other?.id !== route.id) return true;
    if (at % AT_ONCE === 0) yield;
  }
  for (const [at, tlsHost] of b.tlsHosts.entries()) {
    const other = a.tlsHosts[at];
    if (other !== tlsHost && (other === undefined || keyOf(other) !== keyOf(tlsHost))) return true;
  }
  yield;
  for (const name of b.tlsNames) if (!a.tlsNames.has(name)) return true;
  for (const [host, { text }] of b.unserved) if (a.unserved.get(host)?.text !== text) return true;
  return false;
}

function keyOf({ host, namespace, secretName }: RouteTable["tlsHosts"][number]): string {
  return `${host} ${namespace}/${secretName}`;
}

/** Compares the targets of every Service port, so that a change of replicas counts. */
function* doTargetsDiffer(before: Announced, now: Announced): Steps<boolean> {
  const seen = new Set<Backend>();
  for (const [at, route] of now.table.routes.entries()) {
    const backend = mainBackend(route);
    if (backend === undefined || seen.has(backend)) continue;
    seen.add(backend);
    if (before.describe(backend) !== now.describe(backend)) return true;
    if (at % 100 === 0) yield;
  }
  return false;
}

function routesOf(host: VirtualHost | undefined): readonly Route[] {
  const entries = host === undefined ? [] : [...host.entries, host.miss];
  return entries.flatMap(({ route }) => (route.ingress === undefined ? [] : [route]));
}

function textOf(value: unknown): string {
  return JSON.stringify(value, plain);
}

/**
 * Maps and sets become lists. Functions (compiled patterns) need no copy: their source stands beside them. A line moves
 * with the lines above it, and changes nothing.
 */
function plain(key: string, value: unknown): unknown {
  if (key === "line") return undefined;
  if (value instanceof Map) return [...value];
  return value instanceof Set ? [...value] : value;
}
