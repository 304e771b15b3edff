import type { Scheme } from "../model/decision.ts";
import type { EntryPoint, Selection, VirtualHost } from "../model/route/selection.ts";
import type { RouteTable } from "../model/route.ts";

/** The entry point of requests that come by a scheme. */
export function entryPointOf({ entryPoints }: Pick<RouteTable, "entryPoints">, scheme: Scheme): EntryPoint {
  for (const point of entryPoints) if (point.scheme === scheme) return point;
  return entryPoints[0];
}

/** Typeable names, then wildcards, aliases included, each with its virtual host. */
export function namedHosts(table: RouteTable): ReadonlyMap<string, VirtualHost> {
  const named = selectionsOf(table).map(namesIn);
  const exact = named.flatMap((names) => names.exact);
  return new Map([...exact, ...named.flatMap(({ wildcards }) => wildcards)]);
}

type Named = readonly (readonly [name: string, host: VirtualHost])[];

function namesIn(selection: Selection): { readonly exact: Named; readonly wildcards: Named } {
  if (selection.kind === "hosts")
    return { exact: [...selection.hosts.exact], wildcards: [...selection.hosts.oneLabel] };
  const { host } = selection;
  const matches = host.entries.flatMap(({ match }) => match.hosts ?? []);
  const named = matches.flatMap((match) => (match.kind === "pattern" ? [] : [match.name]));
  const isWildcard = (name: string) => name.startsWith("*.");
  return {
    exact: named.filter((name) => !isWildcard(name)).map((name) => [name, host]),
    wildcards: named.filter(isWildcard).map((name) => [name, host]),
  };
}

/** Every virtual host once, with the names that it is found by; `_` for every other name comes last. */
export function virtualHosts(table: RouteTable): ReadonlyMap<VirtualHost, readonly string[]> {
  const names = new Map<VirtualHost, string[]>();
  for (const [name, host] of selectionsOf(table).flatMap(allNames)) {
    const known = names.get(host);
    if (known === undefined) names.set(host, [name]);
    else known.push(name);
  }
  return names;
}

function allNames(selection: Selection): Named {
  if (selection.kind === "list") return [["*", selection.host]];
  const { exact, oneLabel, suffix, prefix, patterns, any } = selection.hosts;
  return [
    ...[...exact, ...oneLabel],
    ...[...suffix].map(([name, host]) => [`*${name}`, host] as const),
    ...[...prefix].map(([name, host]) => [`${name}*`, host] as const),
    ...patterns.map(({ pattern, host }) => [`~${pattern.source}`, host] as const),
    ["_", any],
  ];
}

function selectionsOf({ entryPoints }: Pick<RouteTable, "entryPoints">): readonly Selection[] {
  return [...new Set(entryPoints.map(({ selection }) => selection))];
}
