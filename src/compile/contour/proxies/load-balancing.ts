import { type Json, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";

const ONE_OF_THREE =
  "ignoring invalid request hash policy, must set exactly one of hashSourceIP or headerHashOptions or queryParameterHashOptions";

/** What Contour leaves out of `loadBalancerPolicy` with a warning. */
export function balancingWarnings(policy: Json | undefined): readonly string[] {
  const { strategy, requestHashPolicies } = jsonFields(policy);
  if (strategy !== "RequestHash") return [];
  const warnings: string[] = [];
  const headers = new Set<string>();
  let [good, byAddress] = [0, false];
  for (const hash of jsonItems(requestHashPolicies).map(jsonFields)) {
    const { hashSourceIP, headerHashOptions, queryParameterHashOptions } = hash;
    const set = [
      hashSourceIP === true,
      headerHashOptions !== undefined,
      queryParameterHashOptions !== undefined,
    ];
    if (set.filter(Boolean).length !== 1) {
      warnings.push(ONE_OF_THREE);
      continue;
    }
    if (hashSourceIP === true && byAddress) {
      warnings.push("ignoring invalid request hash policy, hashSourceIP specified multiple times");
      continue;
    }
    byAddress ||= hashSourceIP === true;
    if (headerHashOptions !== undefined) {
      const written = jsonString(jsonFields(headerHashOptions).headerName) ?? "";
      const name = written.replace(
        /[^-]+/g,
        (part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase(),
      );
      if (headers.has(name)) {
        warnings.push(`ignoring invalid header hash policy options with duplicated header name ${name}`);
        continue;
      }
      headers.add(name);
    }
    good++;
  }
  if (good === 0)
    warnings.push(
      "ignoring invalid request hash policy options, setting load balancer strategy to default RoundRobin",
    );
  return warnings;
}
