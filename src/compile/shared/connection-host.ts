import type { RouteEntry, VirtualHost } from "../../model/route/selection.ts";
import type { Route } from "../../model/route.ts";
import type { TlsTerms } from "../../model/tls/server-tls.ts";
import { rankOrder } from "../../select/rank-order.ts";

/** A virtual host whose connections all take one route. `isPassed`: TLS is not ended; `terms` count where it is. */
export function connectionHost(
  name: string,
  route: Route,
  isPassed: boolean,
  terms?: TlsTerms | undefined,
): VirtualHost {
  const entry: RouteEntry = { kind: "route", match: { path: { kind: "any" } }, rank: 0, route };
  const entries = [entry];
  return {
    ...{ name, before: [], entries, index: rankOrder(entries), miss: entry },
    tls: isPassed ? { terms, passthrough: route, passed: "every name" } : { terms, joined: route },
  };
}

/** For the reasons of such a route. */
export function joinedInWords(isPassed: boolean): string {
  return isPassed ? "TLS is passed on" : "TLS is ended, and the bytes are passed on";
}
