import type { RequestFacts, Scheme } from "../model/decision.ts";
import type { Plane } from "../model/plane.ts";
import type { EntryPoint, Selection, VirtualHost } from "../model/route/selection.ts";
import type { RouteTable } from "../model/route.ts";
import { serverName } from "../request/host.ts";

/** The entry point of a name, which may have one for each scheme; else the first of the scheme. */
export function entryPointOf(
  { entryPoints }: Pick<RouteTable, "entryPoints">,
  scheme: Scheme,
  name?: string | undefined,
): EntryPoint {
  if (name !== undefined) {
    const named = entryPoints.filter((point) => point.name === name);
    const found = named.find((point) => point.scheme === scheme) ?? named[0];
    if (found !== undefined) return found;
  }
  for (const point of entryPoints) if (point.scheme === scheme) return point;
  return entryPoints[0];
}

/** The entry point of a scheme at a port in production, where the usual one of the scheme has another port. */
export function entryPointAt(
  { entryPoints }: Pick<RouteTable, "entryPoints">,
  scheme: Scheme,
  port: number,
): EntryPoint | undefined {
  const ofScheme = entryPoints.filter((point) => point.scheme === scheme);
  return ofScheme[0]?.port === port ? undefined : ofScheme.find((point) => point.port === port);
}

/**
 * The entry point that a request comes by. On a port with several the name in the handshake chooses: its own, the longest
 * wildcard, the one for every other name. `undefined`: none is for this name, so there is no handshake.
 *
 * A request of which no handshake is known has its host's name there, as clients do.
 */
export function entryPointFor(
  table: Pick<RouteTable, "entryPoints">,
  request: Pick<RequestFacts, "scheme" | "entryPoint" | "tls" | "authority" | "host">,
): EntryPoint | undefined {
  const { scheme, entryPoint, tls } = request;
  const point = entryPointOf(table, scheme, entryPoint);
  if (point.serverName === undefined) return point;
  const sharing = table.entryPoints.filter(
    ({ port, gateway }) => port === point.port && gateway === point.gateway,
  );
  const name = tls === undefined ? serverName(request) : (tls.servername ?? "");
  return byServerName(sharing, name.toLowerCase());
}

/** The selection that the request's routes are searched in. */
export function selectionFor(
  table: Pick<RouteTable, "entryPoints">,
  request: Parameters<typeof entryPointFor>[1],
): Selection {
  const point = entryPointFor(table, request) ?? entryPointOf(table, request.scheme, request.entryPoint);
  return point.selection;
}

/** The plane of a request: its entry point's, else its table's. */
export function planeFor(
  table: Pick<RouteTable, "entryPoints" | "plane">,
  request: Parameters<typeof entryPointFor>[1],
): Plane {
  return entryPointFor(table, request)?.plane ?? table.plane;
}

function byServerName(points: readonly EntryPoint[], name: string): EntryPoint | undefined {
  const named = (serverName: string) => points.find((point) => point.serverName === serverName);
  if (name === "") return named("");
  const exact = named(name);
  if (exact !== undefined) return exact;
  for (let dot = name.indexOf(".", 1); dot !== -1; dot = name.indexOf(".", dot + 1)) {
    const wildcard = named(`*${name.slice(dot)}`);
    if (wildcard !== undefined) return wildcard;
  }
  return named("");
}

/** Typeable names, then wildcards, aliases included, each with its virtual host. */
export function namedHosts(table: RouteTable): ReadonlyMap<string, VirtualHost> {
  const named = selectionsOf(table).map(namesIn);
  const exact = named.flatMap((names) => names.exact);
  return new Map([...exact, ...named.flatMap(({ wildcards }) => wildcards)]);
}

/** The names of `namedHosts`. */
export function hostNames(table: RouteTable): readonly string[] {
  const selections = selectionsOf(table);
  const [selection] = selections;
  if (selections.length > 1 || selection?.kind !== "hosts") return [...namedHosts(table).keys()];
  const { exact, oneLabel, suffix } = selection.hosts;
  return [...new Set([...exact.keys(), ...oneLabel.keys(), ...[...suffix.keys()].map(asWildcard)])];
}

/** `*.a.test` for the ending `.a.test`. */
function asWildcard(ending: string): string {
  return `*${ending}`;
}

type Named = readonly (readonly [name: string, host: VirtualHost])[];

function namesIn(selection: Selection): { readonly exact: Named; readonly wildcards: Named } {
  if (selection.kind === "hosts")
    return {
      exact: [...selection.hosts.exact],
      wildcards: [
        ...[...selection.hosts.suffix].map(([ending, host]) => [asWildcard(ending), host] as const),
        ...selection.hosts.oneLabel,
      ],
    };
  const { host } = selection;
  const matches = host.entries.flatMap(({ match }) => match.hosts ?? []);
  const named = matches.flatMap((match) => (match.kind === "pattern" ? [] : [match.name]));
  const isWildcard = (name: string) => name.startsWith("*.");
  return {
    exact: named.filter((name) => !isWildcard(name)).map((name) => [name, host]),
    wildcards: named.filter(isWildcard).map((name) => [name, host]),
  };
}

/** Every virtual host, once for each name that it is found by. */
export function* hostsIn(table: Pick<RouteTable, "entryPoints">): Iterable<VirtualHost> {
  for (const selection of selectionsOf(table)) {
    if (selection.kind === "list") {
      yield selection.host;
      continue;
    }
    const { exact, oneLabel, suffix, prefix, patterns, any } = selection.hosts;
    for (const named of [exact, oneLabel, suffix, prefix]) yield* named.values();
    for (const { host } of patterns) yield host;
    yield any;
  }
}

function selectionsOf({ entryPoints }: Pick<RouteTable, "entryPoints">): readonly Selection[] {
  return [...new Set(entryPoints.map(({ selection }) => selection))];
}
