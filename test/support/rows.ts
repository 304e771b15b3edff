import { backendInWords } from "../../src/cli/explain/route-in-words.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { PathMatch, RouteEntry, Selection, VirtualHost } from "../../src/model/route/selection.ts";
import type { Transport } from "../../src/model/route/transport.ts";
import { mainBackend, type Route, type RouteTable } from "../../src/model/route.ts";

/** Values that a row omits; others are appended as `bodyLimit=0`. */
const DEFAULTS = {
  protocol: "HTTP",
  bodyLimit: 1024 * 1024,
  connectTimeoutMs: 5_000,
  readTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
} as const satisfies Partial<Transport>;

function pathText(match: PathMatch): string {
  if (match.kind === "any") return "/";
  if (match.kind === "pattern") return `~* ${match.pattern.source.replace(/^\^?/, "^")}`;
  const path = Buffer.from(match.path, "latin1").toString("utf8");
  return match.kind === "exact" ? `= ${path}` : path;
}

/** `fastcgi_connect_timeout`: no annotation changes it. */
const FASTCGI_DEFAULTS = { ...DEFAULTS, connectTimeoutMs: 60_000 };

function transportText({ transport }: Route): string {
  return Object.entries(transport.protocol === "FCGI" ? FASTCGI_DEFAULTS : DEFAULTS)
    .map(([name, usual]) => ({ name, usual, value: transport[name as keyof typeof DEFAULTS] }))
    .filter(({ usual, value }) => value !== usual)
    .map(({ name, value }) => ` ${name === "protocol" ? "backendProtocol" : name}=${value}`)
    .join("");
}

/** `nextUpstream=error,http_503/2/5000`: conditions, tries and ms, unless default. */
function nextUpstreamText({ transport: { nextUpstream } }: Route): string {
  const { conditions = new Set(), tries = 0, timeoutMs = 0 } = nextUpstream ?? {};
  const words = [...conditions].join(",");
  const text = words === "" ? "off" : `${words}/${tries}/${timeoutMs}`;
  // The second is `grpc_next_upstream` and `fastcgi_next_upstream`, which no annotation changes.
  const usual = ["error,timeout/3/0", "error,timeout/each-once/0"];
  return nextUpstream === undefined || usual.includes(text) ? "" : ` nextUpstream=${text}`;
}

function entriesOf({ entries, miss }: VirtualHost): readonly RouteEntry[] {
  return entries.includes(miss) ? entries : [...entries, miss];
}

function hostRows(host: VirtualHost): string[] {
  return entriesOf(host).map(({ match, route }) => {
    const backend = mainBackend(route);
    const target = backend === undefined ? "404" : backendInWords(backend);
    return `${host.name} ${pathText(match.path)} → ${target}${transportText(route)}${nextUpstreamText(route)}`;
  });
}

/**
 * A table as the `routes` section of a case: one row per location. Exact hosts, then wildcards, then `_`,
 * each in Ingress order; locations in matching order. An empty `_` is omitted.
 */
export function routeRows(table: RouteTable): readonly string[] {
  const named = [...virtualHosts(table)].filter(([{ name }, names]) => names.includes(name));
  const hosts = named.map(([host]) => host);
  const isEmpty = (host: VirtualHost) =>
    host.name === "_" && entriesOf(host).every(({ route }) => route.ingress === undefined);
  const isRedirect = ({ before }: VirtualHost) => before.some(({ kind }) => kind === "host-redirect");
  return hosts.filter((host) => !isEmpty(host) && !isRedirect(host)).flatMap(hostRows);
}

/** A problem as the `problems` section writes it: `warning duplicate-path default/b MESSAGE`. */
function problemRow({ level, code, object, message }: Problem): string {
  const name =
    object === undefined ? "-" : [object.namespace, object.name].filter((part) => part !== "").join("/");
  return `${level} ${code} ${name} ${message}`.replace(/\s+/g, " ");
}

/**
 * The differences between a `problems` section and the found problems, as sentences.
 *
 * Errors and warnings must be exactly those listed; a listed notice must exist, others may. A row may end
 * early, and `…` stands for any part.
 */
export function problemDifferences(
  expected: readonly string[],
  found: readonly Problem[],
): readonly string[] {
  const left = found.map((problem) => ({ row: problemRow(problem), level: problem.level }));
  const differences: string[] = [];
  for (const row of expected) {
    const index = left.findIndex((problem) => covers(row, problem.row));
    if (index < 0) differences.push(`expected, not found: ${row}`);
    else left.splice(index, 1);
  }
  for (const { row, level } of left) if (level !== "notice") differences.push(`found, not expected: ${row}`);
  return differences;
}

function covers(row: string, text: string): boolean {
  const [start = "", ...parts] = row.split("…").map((part) => part.trim());
  if (!text.startsWith(start)) return false;
  let from = start.length;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

/** Every virtual host once, with the names that it is found by; `_` for every other name comes last. */
function virtualHosts({ entryPoints }: RouteTable): ReadonlyMap<VirtualHost, readonly string[]> {
  const names = new Map<VirtualHost, string[]>();
  const selections = new Set(entryPoints.map(({ selection }) => selection));
  for (const [name, host] of [...selections].flatMap(allNames)) {
    const known = names.get(host);
    if (known === undefined) names.set(host, [name]);
    else known.push(name);
  }
  return names;
}

function allNames(selection: Selection): readonly (readonly [name: string, host: VirtualHost])[] {
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
