import { type Json, type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { EnvoyHashSource } from "../../../step/envoy/hash.ts";
import { canonicalName } from "./header-policy.ts";

/** The parts of requests that `loadBalancerPolicy` hashes, and those of them that are left out. */
interface Hashing {
  /** Empty: requests go round. */
  readonly by: readonly EnvoyHashSource[];
  readonly warnings: readonly string[];
  /** The strategy that stays; `""` for none. */
  readonly strategy: string;
}

/** The session's cookie (internal/dag/policy.go, loadBalancerRequestHashPolicies). */
const COOKIE: EnvoyHashSource = {
  ...{ kind: "cookie", name: "X-Contour-Session-Affinity", attributes: "; Path=/; HttpOnly" },
};

export function hashingOf(policy: Json | undefined): Hashing {
  const { strategy, requestHashPolicies } = jsonFields(policy);
  if (strategy === "Cookie") return { by: [COOKIE], warnings: [], strategy };
  if (strategy !== "RequestHash") return { by: [], warnings: [], strategy: jsonString(strategy) ?? "" };
  const by: EnvoyHashSource[] = [];
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const hash of jsonItems(requestHashPolicies).map(jsonFields)) {
    const source = sourceOf(hash);
    const key = JSON.stringify(source);
    if (typeof source === "string") warnings.push(`ignoring invalid ${source}`);
    else if (seen.has(key)) warnings.push(`ignoring invalid ${twice(source, hash)}`);
    else by.push(hash.terminal === true ? { ...source, terminal: true } : source);
    seen.add(key);
  }
  if (by.length === 0)
    warnings.push(
      "ignoring invalid request hash policy options, setting load balancer strategy to default RoundRobin",
    );
  return { by, warnings, strategy: by.length === 0 ? "" : strategy };
}

/** A text says why there is none. */
function sourceOf(hash: JsonObject): EnvoyHashSource | string {
  const { hashSourceIP, headerHashOptions, queryParameterHashOptions } = hash;
  const set = [
    hashSourceIP === true,
    headerHashOptions !== undefined,
    queryParameterHashOptions !== undefined,
  ];
  if (set.filter(Boolean).length !== 1)
    return "request hash policy, must set exactly one of hashSourceIP or headerHashOptions or queryParameterHashOptions";
  if (hashSourceIP === true) return { kind: "address" };
  const header = jsonString(jsonFields(headerHashOptions).headerName)?.toLowerCase();
  if (headerHashOptions !== undefined)
    return header
      ? { kind: "header", name: header }
      : "header hash policy options with an invalid empty header name";
  const query = jsonString(jsonFields(queryParameterHashOptions).parameterName)?.toLowerCase();
  return query
    ? { kind: "query", name: query }
    : "query parameter hash policy options with an invalid empty query parameter name";
}

function twice(source: EnvoyHashSource, { headerHashOptions }: JsonObject): string {
  if (source.kind === "address") return "request hash policy, hashSourceIP specified multiple times";
  const written = jsonString(jsonFields(headerHashOptions).headerName) ?? "";
  return source.kind === "header"
    ? `header hash policy options with duplicated header name ${canonicalName(written)}`
    : `query parameter hash policy options with duplicated query parameter name ${source.name}`;
}
