import type { EntryPoint, HostTable, VirtualHost } from "../../../model/route/selection.ts";
import type { Route } from "../../../model/route.ts";
import type { TlsTerms } from "../../../model/tls/server-tls.ts";
import type { OwnRoute } from "../../controller.ts";
import { ingressName } from "../../problem.ts";
import { connectionHost, joinedInWords } from "../../shared/connection-host.ts";
import { hostsAt } from "../attachment.ts";
import type { GatewayListener } from "../listeners.ts";
import type { AttachedRoute } from "../tables.ts";
import { connectionRoute } from "./connection-routes.ts";

/** The entry points of a TLS listener: one for each name of its routes, of which the oldest has it. */
export function tlsEntryPoints(
  listener: GatewayListener,
  routes: readonly AttachedRoute[],
  terms: TlsTerms | undefined,
): { readonly entryPoints: readonly EntryPoint[]; readonly routes: readonly OwnRoute[] } {
  const isPassed = listener.tls === "passthrough";
  const byHost = new Map<string, Route>();
  const own: OwnRoute[] = [];
  for (const each of routes)
    for (const host of hostsAt(each, listener)) {
      const name = host === "*" ? (listener.hostname ?? "*") : host;
      if (byHost.has(name)) continue;
      const route = connectionRoute(each, name, joinedInWords(isPassed));
      byHost.set(name, route);
      own.push({ ingress: each.route, route });
    }
  const entryPoints = [...byHost].map(([host, route]) =>
    entryPoint(listener, host, connectionHost(hostName(host), route, isPassed, terms)),
  );
  if (entryPoints.length > 0) return { entryPoints, routes: own };
  const host = listener.hostname ?? "*";
  return {
    entryPoints: [entryPoint(listener, host, connectionHost(hostName(host), NOBODY, false, terms))],
    routes: [],
  };
}

/** A listener without routes resets every connection. */
const NOBODY: Route = {
  id: "no TLSRoute",
  steps: [],
  action: { kind: "respond", status: 503, text: "", why: [] },
  transport: { protocol: "HTTP", bodyLimit: 0, connectTimeoutMs: 0, readTimeoutMs: 0, sendTimeoutMs: 0 },
  why: [],
};

function entryPoint({ gateway, name, port }: GatewayListener, host: string, any: VirtualHost): EntryPoint {
  const isNamed = host !== "*";
  const exact = isNamed && !host.startsWith("*.") ? new Map([[host, any]]) : new Map<string, VirtualHost>();
  const suffix = host.startsWith("*.") ? new Map([[host.slice(1), any]]) : new Map<string, VirtualHost>();
  const hosts: HostTable = {
    ...{ exact, suffix, prefix: new Map(), oneLabel: new Map(), patterns: [], any, star: "some" },
  };
  return {
    name: `${ingressName(gateway)}/${name}`,
    ...{ scheme: "https", protocol: "TLS", port, gateway: ingressName(gateway) },
    serverName: isNamed ? host : "",
    selection: { kind: "hosts", hosts },
  };
}

const hostName = (host: string): string => (host === "*" ? "_" : host);
