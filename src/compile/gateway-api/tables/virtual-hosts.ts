import type { Plane } from "../../../model/plane.ts";
import { reason } from "../../../model/reason.ts";
import type { EntryPoint, HostTable, RouteEntry, VirtualHost } from "../../../model/route/selection.ts";
import type { TlsTerms } from "../../../model/tls/server-tls.ts";
import { rankOrder } from "../../../select/rank-order.ts";
import type { Steps } from "../../../steps.ts";
import { notFoundRoute } from "../../route.ts";
import type { RuleParts } from "../entries.ts";
import { type EntryPlace, ranked } from "../rules/order.ts";
import { oncePerOwner } from "./drawn.ts";

const NOT_FOUND = [
  reason("no-rule-for-path", "no rule of this host matches, and Envoy looks at no other host: 404"),
];
const NO_HOST = [reason("no-rule-for-host", "no route has this host: 404")];

/** `*`: every other host */
export function* virtualHost(
  name: string,
  places: readonly EntryPlace[],
  terms?: TlsTerms | undefined,
): Steps<VirtualHost> {
  const entries = ranked(places);
  const parts: RuleParts = {
    steps: [],
    action: { kind: "respond", status: 404, text: "", why: [] },
    transport: { protocol: "HTTP", bodyLimit: 0, connectTimeoutMs: 0, readTimeoutMs: 0, sendTimeoutMs: 0 },
  };
  const route = notFoundRoute(name === "*" ? "" : name, parts, entries.length === 0 ? NO_HOST : NOT_FOUND);
  const miss: RouteEntry = { kind: "route", match: { path: { kind: "any" } }, rank: entries.length, route };
  const search = rankOrder(entries, { ties: "drawn" });
  yield* search.prepare();
  const index = oncePerOwner(search, places);
  const tls = terms && { terms };
  return { name: name === "*" ? "_" : name, before: [], entries, index, miss, tls };
}

export function gatewayHosts(hosts: readonly VirtualHost[], any: VirtualHost): HostTable {
  const isWildcard = ({ name }: VirtualHost) => name.startsWith("*.");
  const named = hosts.filter((host) => host !== any);
  return {
    exact: new Map(named.filter((host) => !isWildcard(host)).map((host) => [host.name, host])),
    suffix: new Map(named.filter(isWildcard).map((host) => [host.name.slice(1), host])),
    ...{ prefix: new Map(), oneLabel: new Map(), patterns: [], any, star: "some" },
  };
}

/** Without any served listener nothing is found. `plane`: of Gateways that have no Envoy */
export function* emptyEntryPoints(plane: Plane | undefined): Steps<readonly [EntryPoint]> {
  const any = yield* virtualHost("*", []);
  return [
    {
      ...{ name: "http", scheme: "http", port: 80, plane },
      selection: { kind: "hosts", hosts: gatewayHosts([], any) },
    },
  ];
}
