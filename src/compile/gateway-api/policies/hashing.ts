import { type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { EnvoyHashSource } from "../../../step/envoy/hash.ts";
import type { Step } from "../../../step/step.ts";
import { secondsOf } from "../rules/durations.ts";

/** `loadBalancer.consistentHash` of a BackendTrafficPolicy: requests with equal parts share an endpoint. */
export function hashSteps(policy: JsonObject): readonly Step[] {
  const { type, consistentHash } = jsonFields(policy.loadBalancer);
  const by = type === "ConsistentHash" ? sourcesOf(jsonFields(consistentHash)) : [];
  return by.length === 0 ? [] : [{ kind: "envoy-hash", by }];
}

function sourcesOf({ type, header, headers, cookie, queryParams }: JsonObject): readonly EnvoyHashSource[] {
  const named = (kind: "header" | "query", list: readonly JsonObject[]) =>
    list.map(({ name }) => ({ kind, name: (jsonString(name) ?? "").toLowerCase() }) as const);
  switch (type) {
    case "SourceIP":
      return [{ kind: "address" }];
    case "Header":
      return named("header", [jsonFields(header)]);
    case "Headers":
      return named("header", jsonItems(headers).map(jsonFields));
    case "QueryParams":
      return named("query", jsonItems(queryParams).map(jsonFields));
    case "Cookie":
      return [cookieSource(jsonFields(cookie))];
    default:
      return [];
  }
}

/** Without a `ttl` Envoy gives no cookie (hash_policy.cc, CookieHashMethod). */
function cookieSource({ name, ttl, attributes }: JsonObject): EnvoyHashSource {
  const seconds = secondsOf(jsonString(ttl));
  const written = Object.entries(jsonFields(attributes))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => (jsonString(value) ? `; ${key}=${jsonString(value)}` : `; ${key}`));
  const age = seconds === undefined || seconds === 0 ? "" : `; Max-Age=${seconds}`;
  return {
    kind: "cookie",
    name: jsonString(name) ?? "",
    attributes: `${age}${written.join("")}; HttpOnly`,
    given: seconds === undefined ? "never" : undefined,
  };
}
