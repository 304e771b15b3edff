import { append } from "../../append.ts";
import { type JsonObject, jsonFields } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { EntryPoint, VirtualHost } from "../../model/route/selection.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import type { TlsHost } from "../../model/route.ts";
import type { TlsTerms } from "../../model/tls/server-tls.ts";
import type { Steps } from "../../steps.ts";
import type { OwnRoute } from "../controller.ts";
import { ingressName } from "../problem.ts";
import { forwardedBy, hopSteps } from "../shared/envoy-hops.ts";
import { hostsAt, type Parent } from "./attachment.ts";
import { clientPairOf } from "./backends/backend-tls.ts";
import { streamOf } from "./connections/stream-routes.ts";
import { tlsEntryPoints } from "./connections/tls-tables.ts";
import { entriesOf, type RulePlace, type WrittenEntry } from "./entries.ts";
import { limitHeaders, planeBy, trustedHops } from "./listeners/client-policy.ts";
import { validationByPolicy } from "./listeners/client-validation.ts";
import { tlsHostsOf } from "./listeners/tls-hosts.ts";
import { termsOf } from "./listeners/tls-terms.ts";
import type { GatewayListener } from "./listeners.ts";
import type { Policies } from "./policies.ts";
import {
  type RepeatedHost,
  refusedTable,
  repeatedInTable,
  type Unreadable,
  unreadableIn,
} from "./refused-tables.ts";
import { inOrder } from "./rules/order.ts";
import type { TranslatedRoute, TranslatedRule } from "./rules.ts";
import { sharesCertificates } from "./status/listener-status.ts";
import { drawnProblems } from "./tables/drawn.ts";
import { gatewayHosts, virtualHost } from "./tables/virtual-hosts.ts";

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
  const told = new Set<string>();
  const connections: OwnRoute[] = [];
  const [any] = listeners;
  const pair = any && clientPairOf(any.gateway, world.objects);
  const policyAt = (listener: GatewayListener) => world.clients.ofListener(listener)?.spec;
  const validatedAt = (listener: GatewayListener): GatewayListener => {
    const policy = world.clients.ofListener(listener);
    const clients = policy && validationByPolicy(policy, world.objects);
    return clients === undefined ? listener : { ...listener, clients };
  };
  const clientsAt = (listener: GatewayListener) => {
    const policy = policyAt(listener) ?? NO_POLICY;
    return { told: hopSteps(trustedHops(policy)), limitHeaders: limitHeaders(policy) };
  };
  const termsAt = (listener: GatewayListener) =>
    termsOf(validatedAt(listener), policyAt(listener) ?? NO_POLICY, sharesCertificates(listener, listeners));
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
    const holders = new Map<string, GatewayListener>();
    let repeated: RepeatedHost | undefined;
    for (const listener of group) {
      const clients = clientsAt(listener);
      for (const route of routes) {
        for (const host of hostsAt(route, listener)) {
          const list = byHost.get(host) ?? [];
          byHost.set(host, list);
          const holder = holders.get(host) ?? listener;
          if (route.rules.length > 0) holders.set(host, holder);
          if (holder !== listener && route.rules.length > 0)
            repeated ??= { route: route.route, host, listeners: [holder, listener] };
          for (const rule of route.rules)
            for (const entry of entriesOf(rule, {
              host,
              listener,
              pair,
              ...clients,
              ...world,
            })) {
              list.push(entry);
              entries.push({ rule, entry });
            }
        }
        yield;
      }
    }
    const name = ingressName(first.gateway);
    const unreadable = firstUnreadable(group, routes);
    if (unreadable !== undefined) problems.push(refusedTable(unreadable, name, first.port));
    if (repeated !== undefined) problems.push(repeatedInTable(repeated, name));
    if (unreadable !== undefined || repeated !== undefined) byHost.clear();
    const made = yield* entryPointOf(first, byHost, { terms: termsAt(first), policy: policyAt(first), told });
    entryPoints.push(made.point);
    append(problems, made.problems);
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

interface PointParts {
  readonly terms: TlsTerms | undefined;
  readonly policy: JsonObject | undefined;
  /** Draws that were told before. */
  readonly told: Set<string>;
}

function* entryPointOf(
  listener: GatewayListener,
  byHost: ReadonlyMap<string, readonly WrittenEntry[]>,
  { terms, policy, told }: PointParts,
): Steps<{ readonly point: EntryPoint; readonly problems: readonly Problem[] }> {
  const { gateway, name, port, protocol, hostname } = listener;
  const isHttps = protocol === "HTTPS";
  const hosts: VirtualHost[] = [];
  const problems: Problem[] = [];
  for (const [host, entries] of byHost) {
    const places = inOrder(entries);
    append(problems, drawnProblems(places, host, told));
    hosts.push(yield* virtualHost(host, places, terms));
  }
  const any = hosts.find((host) => host.name === "_") ?? (yield* virtualHost("*", [], terms));
  const point: EntryPoint = {
    name: `${ingressName(gateway)}/${name}`,
    scheme: isHttps ? "https" : "http",
    port,
    gateway: ingressName(gateway),
    serverName: isHttps ? (hostname ?? "") : undefined,
    ...(policy && { plane: planeBy(policy), forwarded: forwardedBy(trustedHops(policy)) }),
    selection: { kind: "hosts", hosts: gatewayHosts(hosts, any) },
  };
  return { point, problems };
}

const NO_POLICY = jsonFields(undefined);
