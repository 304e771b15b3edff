import type { ForwardAction, Share } from "../../model/route/action.ts";
import type { Route } from "../../model/route.ts";
import { samplesOf } from "../../pcre/samples.ts";
import { sumOfWeights } from "../../step/action/weight.ts";
import type { Asked, Variation } from "../variation.ts";

type Shared = Pick<ForwardAction, "shares" | "choose">;

/** What decides among the shares of routes: session cookies, a header, a cookie, and chance (balancer.lua). */
export function sharesAsked(routes: readonly Route[]): readonly Asked[] {
  const shared = routes
    .map(({ action }) => action)
    .filter((action) => action.kind === "forward")
    .filter(({ shares }) => shares.length > 1);
  if (shared.length === 0) return [];
  const headers = new Map<string, Variation[]>();
  const cookies = new Map<string, Variation[]>();
  for (const { choose } of shared) {
    if (choose === undefined) continue;
    if (choose.header !== "") addTo(headers, choose.header.toLowerCase(), headerValues(choose));
    if (choose.cookie !== "") addTo(cookies, choose.cookie, cookieValues(choose.cookie));
  }
  const asks = [
    sessionValues(shared),
    ...[...headers.values()].map(distinct),
    ...[...cookies.values()].map(distinct),
    chances(shared),
  ];
  // One rule is a list of decisions: a value that decides makes all later ones idle.
  const mode = headers.size > 1 || cookies.size > 1 ? "crossed" : undefined;
  const isOneRule = mode === undefined && new Set(shared.map(keyOf)).size === 1;
  const asked = asks.filter((values) => values.length > 0);
  if (isOneRule) return [{ mode: "crossed", values: asked.flat() }];
  return asked.map((values) => ({ mode: "crossed", values }));
}

function keyOf({ choose }: Shared): string {
  const { header, value, cookie, pattern } = choose ?? {};
  const source = typeof pattern === "object" ? pattern.source : pattern;
  return JSON.stringify([header, value, cookie, source]);
}

type Rule = NonNullable<Shared["choose"]>;

function headerValues({ header, value, pattern }: Rule): readonly Variation[] {
  const samples = typeof pattern === "object" ? samplesOf(pattern) : { matching: [], missing: [] };
  const values = [
    "always",
    "never",
    ...(value === "" ? [] : [value]),
    ...samples.matching.slice(0, 4),
    ...samples.missing.slice(0, 2),
    "something-else",
  ];
  // The controller reads `X_Canary` as nginx names it.
  const name = header.replaceAll("_", "-");
  return [...new Set(values)].filter(isHeaderValue).map((text) => ({
    shows: `with ${name}: ${text}`,
    headers: [[name, text]],
  }));
}

function isHeaderValue(text: string): boolean {
  return !/[\x00-\x1f\x7f]/.test(text) && text.trim() === text && text !== "";
}

function cookieValues(cookie: string): readonly Variation[] {
  return ["always", "never"].map((value) => ({
    shows: `with the cookie ${cookie}=${value}`,
    cookies: [`${cookie}=${value}`],
  }));
}

/** A session of the path's own Service, and one of the canary's. */
function sessionValues(shared: readonly Shared[]): readonly Variation[] {
  const affinities = shared.flatMap(({ shares }) => shares.map(({ backend }) => backend.balancing?.affinity));
  return distinct(
    affinities
      .filter((affinity) => affinity !== undefined)
      .map(({ cookie, backendKey }) => ({
        shows: `with a session cookie ${cookie}`,
        cookies: [`${cookie}=0|${backendKey}`],
      })),
  );
}

/** A number in the middle of each stretch between boundaries: the last share has the lowest numbers. */
function chances(shared: readonly Shared[]): readonly Variation[] {
  const edges = shared.flatMap(({ shares }) => edgesOf(shares));
  const sorted = [...new Set([0, ...edges, 1])].sort((a, b) => a - b);
  return sorted.slice(1).map((edge, at) => {
    const chance = ((sorted[at] ?? 0) + edge) / 2;
    return { shows: `by chance ${Number(chance.toFixed(4))} of 1`, chance };
  });
}

function edgesOf(shares: readonly Share[]): readonly number[] {
  const total = sumOfWeights(shares);
  let sum = 0;
  return total === 0
    ? []
    : shares
        .toReversed()
        .map(({ weight }) => {
          sum += weight;
          return sum / total;
        })
        .filter((edge) => edge > 0 && edge < 1);
}

function addTo(lists: Map<string, Variation[]>, key: string, values: readonly Variation[]): void {
  lists.set(key, [...(lists.get(key) ?? []), ...values]);
}

function distinct(values: readonly Variation[]): readonly Variation[] {
  return [...new Map(values.map((value) => [value.shows + value.cookies?.join(), value])).values()];
}
