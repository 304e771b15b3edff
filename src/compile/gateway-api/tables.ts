import { append } from "../../append.ts";
import { type JsonObject, jsonFields } from "../../model/json.ts";
import type { Plane } from "../../model/plane.ts";
import type { Problem } from "../../model/problem.ts";
import { reason } from "../../model/reason.ts";
import type { EntryPoint, HostTable, RouteEntry, VirtualHost } from "../../model/route/selection.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import type { TlsHost } from "../../model/route.ts";
import type { TlsTerms } from "../../model/tls/server-tls.ts";
import { rankOrder } from "../../select/rank-order.ts";
import type { Steps } from "../../steps.ts";
import type { OwnRoute } from "../controller.ts";
import { forwardedBy, hopSteps } from "../envoy-hops.ts";
import { ingressName } from "../problem.ts";
import { notFoundRoute } from "../route.ts";
import { hostsAt, type Parent } from "./attachment.ts";
import { clientPairOf } from "./backends/backend-tls.ts";
import { streamOf } from "./connections/stream-routes.ts";
import { tlsEntryPoints } from "./connections/tls-tables.ts";
import { entriesOf, type RuleParts, type RulePlace, type WrittenEntry } from "./entries.ts";
import { limitsTold, planeBy, trustedHops } from "./listeners/client-policy.ts";
import { tlsHostsOf } from "./listeners/tls-hosts.ts";
import { termsOf } from "./listeners/tls-terms.ts";
import type { GatewayListener } from "./listeners.ts";
import type { Policies } from "./policies.ts";
import { refusedTable, type Unreadable, unreadableIn } from "./refused-tables.ts";
import { inOrder } from "./rules/order.ts";
import type { TranslatedRoute, TranslatedRule } from "./rules.ts";
import { sharesCertificates } from "./status/listener-status.ts";

/** A route with its listeners, as the tables are made of it. */
export interface AttachedRoute extends TranslatedRoute {
  readonly parents: readonly Parent[];
}

interface Tables {
  readonly entryPoints: readonly EntryPoint[];
  readonly tlsHosts: readonly TlsHost[];
  /** Tables that Envoy refuses. */
  readonly problems: readonly Problem[];
  /** Of TCP and UDP listeners. */
  readonly streams: readonly StreamRoute[];
  /** The routes of TLS listeners. */
  readonly connections: readonly OwnRoute[];
  /** Every entry, in the order of routes and rules. */
  readonly entries: readonly { readonly rule: TranslatedRule; readonly entry: WrittenEntry }[];
}

/**
 * The entry points of a Gateway. HTTP listeners of one port share a table; each HTTPS listener has its own, which the
 * name in the handshake chooses.
 *
 * `routes`: HTTPRoutes by age, then GRPCRoutes
 */
export function* tablesOf(
  listeners: readonly GatewayListener[],
  routes: readonly AttachedRoute[],
  world: Pick<RulePlace, "objects" | "policies"> & { readonly clients: Policies },
): Steps<Tables> {
  const served = listeners.filter(({ served }) => served);
  const entryPoints: EntryPoint[] = [];
  const tlsHosts: TlsHost[] = [];
  const problems: Problem[] = [];
  const entries: { rule: TranslatedRule; entry: WrittenEntry }[] = [];
  const ports = new Map<string, GatewayListener[]>();
  const streams: StreamRoute[] = [];
  const connections: OwnRoute[] = [];
  const [any] = listeners;
  const pair = any && clientPairOf(any.gateway, world.objects);
  const policyAt = (listener: GatewayListener) => world.clients.ofListener(listener)?.spec;
  const clientsAt = (listener: GatewayListener) => {
    const policy = policyAt(listener) ?? NO_POLICY;
    return { told: hopSteps(trustedHops(policy)), limitsTold: limitsTold(policy) };
  };
  const termsAt = (listener: GatewayListener) =>
    termsOf(listener, policyAt(listener) ?? NO_POLICY, sharesCertificates(listener, listeners));
  for (const listener of served) {
    if (listener.protocol === "TCP" || listener.protocol === "UDP") {
      streams.push(streamOf(listener, routes));
      continue;
    }
    if (listener.protocol === "TLS") {
      const made = tlsEntryPoints(listener, routes, termsAt(listener));
      append(entryPoints, made.entryPoints);
      append(connections, made.routes);
      append(
        tlsHosts,
        tlsHostsOf(
          listener,
          made.entryPoints.flatMap(({ serverName }) => serverName || []),
        ),
      );
      continue;
    }
    const key =
      listener.protocol === "HTTP" ? `${listener.port}` : `${listener.port} ${listener.hostname ?? ""}`;
    const group = ports.get(key);
    if (group === undefined) ports.set(key, [listener]);
    else group.push(listener);
  }
  for (const group of ports.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const byHost = new Map<string, WrittenEntry[]>();
    for (const listener of group)
      for (const route of routes) {
        for (const host of hostsAt(route, listener)) {
          const list = byHost.get(host) ?? [];
          byHost.set(host, list);
          for (const rule of route.rules)
            for (const entry of entriesOf(rule, {
              host,
              listener,
              pair,
              ...clientsAt(listener),
              ...world,
            })) {
              list.push(entry);
              entries.push({ rule, entry });
            }
        }
        yield;
      }
    const unreadable = firstUnreadable(group, routes);
    if (unreadable !== undefined) {
      problems.push(refusedTable(unreadable, ingressName(first.gateway), first.port));
      byHost.clear();
    }
    entryPoints.push(yield* entryPointOf(first, byHost, termsAt(first), policyAt(first)));
    append(tlsHosts, tlsHostsOf(first, byHost.keys()));
  }
  return { entryPoints, tlsHosts, entries, problems, streams, connections };
}

function firstUnreadable(
  group: readonly GatewayListener[],
  routes: readonly AttachedRoute[],
): Unreadable | undefined {
  for (const { parents, rules } of routes) {
    if (!parents.some(({ attached }) => attached.some((each) => group.includes(each)))) continue;
    for (const rule of rules) {
      const found = unreadableIn(rule);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function* entryPointOf(
  listener: GatewayListener,
  byHost: ReadonlyMap<string, readonly WrittenEntry[]>,
  terms: TlsTerms | undefined,
  policy: JsonObject | undefined,
): Steps<EntryPoint> {
  const { gateway, name, port, protocol, hostname } = listener;
  const isHttps = protocol === "HTTPS";
  const hosts: VirtualHost[] = [];
  for (const [host, entries] of byHost) hosts.push(yield* virtualHost(host, inOrder(entries), terms));
  const any = hosts.find((host) => host.name === "_") ?? (yield* virtualHost("*", [], terms));
  return {
    name: `${ingressName(gateway)}/${name}`,
    scheme: isHttps ? "https" : "http",
    port,
    gateway: ingressName(gateway),
    serverName: isHttps ? (hostname ?? "") : undefined,
    ...(policy && { plane: planeBy(policy), forwarded: forwardedBy(trustedHops(policy)) }),
    selection: { kind: "hosts", hosts: hostTable(hosts, any) },
  };
}

const NO_POLICY = jsonFields(undefined);

const NOT_FOUND = [
  reason("no-rule-for-path", "no rule of this host matches, and Envoy looks at no other host: 404"),
];
const NO_HOST = [reason("no-rule-for-host", "no route has this host: 404")];

function* virtualHost(
  name: string,
  entries: readonly RouteEntry[],
  terms?: TlsTerms | undefined,
): Steps<VirtualHost> {
  const parts: RuleParts = {
    steps: [],
    action: { kind: "respond", status: 404, text: "", why: [] },
    transport: { protocol: "HTTP", bodyLimit: 0, connectTimeoutMs: 0, readTimeoutMs: 0, sendTimeoutMs: 0 },
  };
  const route = notFoundRoute(name === "*" ? "" : name, parts, entries.length === 0 ? NO_HOST : NOT_FOUND);
  const miss: RouteEntry = { kind: "route", match: { path: { kind: "any" } }, rank: entries.length, route };
  const index = rankOrder(entries);
  yield* index.prepare();
  const tls = terms && { terms };
  return { name: name === "*" ? "_" : name, before: [], entries, index, miss, tls };
}

function hostTable(hosts: readonly VirtualHost[], any: VirtualHost): HostTable {
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
      selection: { kind: "hosts", hosts: hostTable([], any) },
    },
  ];
}
