import type { Addresses } from "../model/addresses.ts";
import type { RouteFound, VirtualHost } from "../model/route/selection.ts";
import type { Route, RouteTable } from "../model/route.ts";
import { bodiesAsked } from "./asks/bodies.ts";
import { corsAsked } from "./asks/cors.ts";
import { guardsAsked } from "./asks/guards.ts";
import { sharesAsked } from "./asks/shares.ts";
import { variablesAsked } from "./asks/variables.ts";
import { type Asked, type Variation, variationsOf } from "./variation.ts";

interface Pair {
  readonly tables: readonly RouteTable[];
  readonly hosts: readonly VirtualHost[];
  readonly found: readonly (RouteFound | undefined)[];
  readonly routes: readonly Route[];
  /** Of every request. */
  readonly controllers: readonly Asked[];
  /** Of its host. */
  readonly isFirst: boolean;
}

/** All that the routes found at one path ask of a request. */
export function pairVariations(pair: Pair): { readonly all: readonly Variation[]; readonly whole: boolean } {
  const { hosts, found, routes, controllers, isFirst } = pair;
  // What the controller answers itself has no limit.
  const isAlike = !isFirst && found.every((one) => one?.kind === "route");
  const targets = hosts.flatMap(({ before }) =>
    before.flatMap((step) => (step.kind === "app-root" ? [step.target] : [])),
  );
  const asks: readonly Asked[] = [
    ...guardsAsked(routes, addressesBeside(pair)),
    ...sharesAsked(routes),
    ...corsAsked(routes),
    ...controllers,
    ...bodiesAsked(routes, isAlike),
    ...variablesAsked(routes, targets),
    ...reservedAsked(pair),
  ];
  return variationsOf(asks);
}

/** nginx's status is for some clients. Trusted senders matter where tables trust differently. */
function addressesBeside({ tables, found }: Pair): readonly Addresses[] {
  const trusted = tables.map(({ options }) => options.forwarded?.trusted);
  const differs = new Set(trusted.map((list) => list?.written.join())).size > 1;
  const isReserved = found.some((one) => one?.kind === "own-path");
  return [
    ...(differs ? trusted : []),
    ...(isReserved ? tables.map(({ options }) => options.statusShownTo ?? THIS_MACHINE) : []),
  ].filter((list) => list !== undefined);
}

/** The default of `statusShownTo`. */
const THIS_MACHINE: Addresses = {
  written: ["127.0.0.1", "::1"],
  ipv4: { check: (address: unknown) => address === "127.0.0.1" },
  ipv6: { check: (address: unknown) => address === "::1" },
};

/** nginx's status knows GET and HEAD alone. */
function reservedAsked({ found }: Pair): readonly Asked[] {
  return found.some((one) => one?.kind === "own-path")
    ? [{ mode: "crossed", values: [{ shows: "by POST", method: "POST" }] }]
    : [];
}
