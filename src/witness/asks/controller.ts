import type { BlockedValues } from "../../model/controller.ts";
import type { HeaderLine } from "../../model/decision.ts";
import type { RouteTable } from "../../model/route.ts";
import { samplesOf } from "../../pcre/samples.ts";
import type { Asked, Variation } from "../variation.ts";

/** What the options of the controllers ask of every request: blocked values, forwarded headers. */
export function controllerAsked(tables: readonly RouteTable[]): readonly Asked[] {
  return [...blockedAsked(tables), ...forwardedAsked(tables)];
}

function blockedAsked(tables: readonly RouteTable[]): readonly Asked[] {
  const lists = tables.flatMap(({ options }) => options.blocked ?? []);
  const values = new Map(lists.flatMap(blockedValues).map((value) => [value.shows, value]));
  return values.size === 0 ? [] : [{ mode: "alone", values: [...values.values()] }];
}

function blockedValues({ header, texts, patterns }: BlockedValues): readonly Variation[] {
  const matching = patterns.flatMap((pattern) => samplesOf(pattern).matching.slice(0, 3));
  return [...texts, ...matching, "something-else"].map((text) => ({
    shows: `with ${header}: ${text}`,
    headers: [[header, text]],
  }));
}

/** Claims of a load balancer. They matter together only where the tables trust differently. */
function forwardedAsked(tables: readonly RouteTable[]): readonly Asked[] {
  const trusts = tables.map(({ options }) => JSON.stringify([options.forwarded, options.originals]));
  if (trusts.every((trust) => trust === "[null,null]")) return [];
  const names = new Set(
    tables.flatMap(({ options: { forwarded, originals } }) => [
      "x-forwarded-for",
      ...(forwarded === undefined ? [] : [forwarded.header]),
      ...(originals === undefined ? [] : [originals.for, originals.host]),
    ]),
  );
  const addresses = [...names].map((name): HeaderLine => [name, "198.51.100.7"]);
  const secure: Variation = {
    shows: "with X-Forwarded-Proto: https",
    headers: [["X-Forwarded-Proto", "https"]],
  };
  const plain: Variation = {
    shows: "with X-Forwarded-Proto: http",
    headers: [["X-Forwarded-Proto", "http"]],
  };
  const rest: Variation = {
    shows: "with X-Forwarded-For, -Host and -Port",
    headers: [...addresses, ["X-Forwarded-Host", "forwarded.example"], ["X-Forwarded-Port", "8443"]],
  };
  return new Set(trusts).size === 1
    ? [{ mode: "alone", values: [secure, plain, rest] }]
    : [
        { mode: "crossed", values: [secure, plain] },
        { mode: "crossed", values: [rest] },
      ];
}
