import type { RequestFacts, Scheme } from "../model/decision.ts";
import type { RouteEntry, RouteFound, Selection, VirtualHost } from "../model/route/selection.ts";
import type { Route, RouteTable } from "../model/route.ts";
import { oncePer } from "../once-per.ts";
import { wildcardOf } from "../request/host.ts";
import { findVirtualHost } from "../select/host.ts";
import { select } from "../select/select.ts";
import { controllerAsked } from "./asks/controller.ts";
import { conditionsOf } from "./conditions.ts";
import { sampledAsks, sampledEntries, sampledHosts } from "./incomplete.ts";
import { type HostName, hostNamesOf } from "./names.ts";
import { pairVariations } from "./pair.ts";
import { pathSamples, writtenPaths } from "./paths.ts";
import { type Asked, PLAIN_GET, type Variation } from "./variation.ts";

/** A place to ask at, and how. */
export interface Point {
  readonly scheme: Scheme;
  /** As sent. */
  readonly host: string;
  readonly target: string;
  readonly shows: string;
  readonly variation: Variation;
}

export interface PointsOf {
  readonly points: readonly Point[];
  /** The first that a rule has. default: none */
  readonly served?: Point | undefined;
  readonly incomplete: readonly string[];
}

/** Paths of shared hosts (`_`, rules without host) that are asked at every other host, in all. */
const MOST_SHARED = 20_000;
/** Prefixes that controllers reserve; asked where a table has them. */
const RESERVED = ["/healthz", "/nginx_status"];

/** The request that a search for an entry gets; only conditions read it. */
const UNASKED: RequestFacts = {
  scheme: "http",
  method: "GET",
  host: "",
  target: "/",
  ports: { http: 80, https: 443 },
  exact: true,
  header: () => undefined,
  remoteAddress: "127.0.0.1",
  chance: 0,
  noEndpoints: () => undefined,
};

/** Hosts and paths of one set of selections, one for each table. */
export function pointsOf(
  tables: readonly RouteTable[],
  { schemes, selections }: { readonly schemes: readonly Scheme[]; readonly selections: readonly Selection[] },
): PointsOf {
  const points: Point[] = [];
  const incomplete = new Set<string>(selections.flatMap((selection) => [...sampledHosts(selection)]));
  const names = hostNamesOf(selections, tables);
  const shared = sharedHosts(selections);
  const isTooMuch = timesShared(names, selections, shared) > MOST_SHARED;
  if (isTooMuch)
    incomplete.add("Too many hosts share rules without host: these are asked at some of them only.");
  const controllers = controllerAsked(tables);
  const at: Place = { tables, schemes, controllers, identify: identifier(), known: new Set() };
  const classes = new Set<string>();
  for (const name of names) {
    const hosts = selections.map((selection) => findVirtualHost(selection, name.name));
    const key = `${hosts.map(at.identify).join()} ${tables.map((table) => certificateAt(table, name.name)).join()}`;
    const isKnown = name.kind === "sample" && classes.has(key);
    classes.add(key);
    const own = isTooMuch && name.kind === "named" ? shared : undefined;
    if (isKnown) points.push(pointAt(name, schemes[0] ?? "http", { target: "/", shows: "the root" }));
    else for (const point of pointsAt(name, hosts, own, at, incomplete)) points.push(point);
  }
  return { points, served: at.served, incomplete: [...incomplete] };
}

interface Place {
  readonly tables: readonly RouteTable[];
  readonly schemes: readonly Scheme[];
  readonly controllers: readonly Asked[];
  readonly identify: (thing: object) => number;
  /** Kinds of reasons that are given already. */
  readonly known: Set<string>;
  served?: Point | undefined;
}

function identifier(): (thing: object) => number {
  const ids = new Map<object, number>();
  return (thing) => {
    const id = ids.get(thing) ?? ids.size;
    ids.set(thing, id);
    return id;
  };
}

/** Hosts whose rules may take requests for any name. */
function sharedHosts(selections: readonly Selection[]): ReadonlySet<VirtualHost> {
  return new Set(
    selections.flatMap((selection) => (selection.kind === "hosts" ? chainOf(selection.hosts.any) : [])),
  );
}

function chainOf(host: VirtualHost): readonly VirtualHost[] {
  const chain: VirtualHost[] = [];
  for (let at: VirtualHost | undefined = host; at !== undefined; at = at.next) chain.push(at);
  return chain;
}

function timesShared(
  names: readonly HostName[],
  selections: readonly Selection[],
  shared: ReadonlySet<VirtualHost>,
): number {
  let count = 0;
  for (const { name, kind } of names) {
    if (kind === "sample") continue;
    for (const selection of selections)
      for (const host of chainOf(findVirtualHost(selection, name)))
        if (shared.has(host)) count += host.entries.length;
  }
  return count;
}

/** Which certificate a name has, of those that Ingresses name, and whether its requests are redirected to https for it. */
function certificateAt(table: RouteTable, name: string): string {
  const secrets = secretsOf(table);
  const wildcard = wildcardOf(name) ?? "";
  const isRedirected = table.tlsNames.has(name) || table.tlsNames.has(wildcard);
  return `${secrets.get(name) ?? secrets.get(wildcard)} ${isRedirected}`;
}

const secretsOf = oncePer(
  ({ tlsHosts }: RouteTable): ReadonlyMap<string, string> =>
    new Map(tlsHosts.map(({ host, namespace, secretName }) => [host, `${namespace}/${secretName}`])),
);

function pointAt(
  { name, kind, shows: host }: HostName,
  scheme: Scheme,
  { target, shows }: { readonly target: string; readonly shows: string },
  variation: Variation = PLAIN_GET,
): Point {
  const place = kind === "named" ? shows : `${shows} at ${host}`;
  return { scheme, host: name, target, shows: place, variation };
}

/** `without`: hosts whose paths are left out */
function* pointsAt(
  name: HostName,
  hosts: readonly VirtualHost[],
  without: ReadonlySet<VirtualHost> | undefined,
  at: Place,
  incomplete: Set<string>,
): Iterable<Point> {
  const { tables, schemes, controllers } = at;
  const chain = new Set(hosts.flatMap(chainOf));
  const entries = [...chain].flatMap((host) => (without?.has(host) === true ? [] : host.entries));
  for (const sentence of sampledEntries(entries, at.known)) incomplete.add(sentence);
  const planes = tables.map(({ plane }) => plane);
  const written = writtenPaths(entries);
  const paths = pathSamples({ ...written, literals: [...written.literals, ...reservedOf(hosts)] }, planes);
  const conditions = [...chain].flatMap(conditionsOf);
  const pairs = new Set<string>();
  const isRooted = hosts.some(({ before }) => before.some(({ kind }) => kind === "app-root"));
  for (const path of paths) {
    const found = hosts.map((host, index) => foundAt(host, tables[index], name.name, path.target));
    const key =
      found.map((one) => placeKey(one, at)).join() + (isRooted && path.target === "/" ? " root" : "");
    const routes = found.flatMap(routesOf);
    const [main = "http", ...others] = schemesFor(routes, schemes);
    for (const variation of conditions) yield pointAt(name, main, path, variation);
    const plain = pointAt(name, main, path);
    if (name.kind === "named" && routes.some(({ rule }) => rule !== undefined)) at.served ??= plain;
    yield plain;
    if (pairs.has(key)) continue;
    pairs.add(key);
    for (const scheme of others) yield pointAt(name, scheme, path);
    const { all, whole } = pairVariations({
      tables,
      hosts,
      found,
      routes,
      controllers,
      isFirst: pairs.size === 1,
    });
    for (const sentence of sampledAsks(routes, whole, at.known)) incomplete.add(sentence);
    for (const scheme of isSplit(hosts, found) ? schemes : [main])
      for (const variation of all) if (variation !== PLAIN_GET) yield pointAt(name, scheme, path, variation);
  }
  const capitals = { ...pointAt(name, schemes[0] ?? "http", { target: "/", shows: "the root" }) };
  yield { ...capitals, host: name.name.toUpperCase(), shows: `${capitals.shows}, the host in capitals` };
}

function reservedOf(hosts: readonly VirtualHost[]): readonly string[] {
  return RESERVED.filter((path) =>
    hosts.some(({ index }) => index.find(lookup("", path))?.kind === "own-path"),
  );
}

function lookup(name: string, path: string) {
  return { request: UNASKED, name, path: { path, query: "" } };
}

function foundAt(
  host: VirtualHost,
  table: RouteTable | undefined,
  name: string,
  target: string,
): RouteFound | undefined {
  const read = table?.plane.readPath(target);
  return read && select(host, lookup(name, read.path));
}

/** Searches make some answers anew. */
function placeKey(found: RouteFound | undefined, { identify }: Place): string {
  if (found === undefined) return "refused";
  if (found.kind === "one-of") return found.entries.map(identify).join("+");
  return found.kind === "too-complex" ? found.kind : String(identify(found));
}

function routesOf(found: RouteFound | undefined): readonly Route[] {
  switch (found?.kind) {
    case "route":
      return routesOfEntry(found);
    case "one-of":
      return found.entries.flatMap(routesOfEntry);
    case "slash":
      return [found.route];
    default:
      return [];
  }
}

function routesOfEntry({ route, locally }: RouteEntry): readonly Route[] {
  return locally === undefined ? [route] : [route, locally.route];
}

/** Requests by the other scheme are not all alike: one side redirects them and another does not, or asks for certificates. */
function isSplit(hosts: readonly VirtualHost[], found: readonly (RouteFound | undefined)[]): boolean {
  const redirected = found.map((one) => isRedirected(routesOf(one)));
  return (
    new Set(redirected).size > 1 ||
    hosts.some(({ before }) => before.some(({ kind }) => kind === "client-certificate"))
  );
}

function isRedirected(routes: readonly Route[]): boolean {
  return routes.some(({ steps }) => steps.some(({ kind }) => kind === "https"));
}

/** First the one whose requests are not all redirected to the other. */
function schemesFor(routes: readonly Route[], schemes: readonly Scheme[]): readonly Scheme[] {
  return isRedirected(routes) ? schemes.toReversed() : schemes;
}
