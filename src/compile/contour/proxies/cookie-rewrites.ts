import { type Json, type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CookieChange } from "../../../model/route/rewrites.ts";
import type { Step } from "../../../step/step.ts";

/** Contour's words for cookie rewrites that cannot be. */
export function cookiesFault(value: Json | undefined): string | undefined {
  const seen = new Set<string>();
  for (const policy of jsonItems(value).map(jsonFields)) {
    const name = jsonString(policy.name) ?? "";
    if (seen.has(name)) return `duplicate cookie rewrite rule for cookie "${name}"`;
    seen.add(name);
    const { pathRewrite, domainRewrite, secure, sameSite } = policy;
    if ([pathRewrite, domainRewrite, secure, sameSite].every((each) => each === undefined))
      return `no attributes rewritten for cookie "${name}"`;
  }
  return undefined;
}

/** `cookieRewritePolicies`, each later one over those before it: a Service's over its route's. */
export function cookieSteps(...policies: readonly (Json | undefined)[]): readonly Step[] {
  const changes = new Map<string, CookieChange>();
  for (const policy of policies.flatMap(jsonItems).map(jsonFields)) {
    const name = jsonString(policy.name) ?? "";
    const attributes = new Map([...(changes.get(name)?.attributes ?? []), ...attributesOf(policy)]);
    changes.set(name, { name, attributes });
  }
  return changes.size === 0 ? [] : [{ kind: "response-rewrites", cookies: [...changes.values()] }];
}

function attributesOf({ pathRewrite, domainRewrite, secure, sameSite }: JsonObject) {
  const written = [
    ["Path", jsonString(jsonFields(pathRewrite).value)],
    ["Domain", jsonString(jsonFields(domainRewrite).value)],
    ["SameSite", jsonString(sameSite)],
  ] as const;
  const attributes = new Map<string, string | undefined>();
  for (const [name, value] of written) if (value !== undefined) attributes.set(name, `${name}=${value}`);
  if (secure !== undefined) attributes.set("Secure", secure === true ? "Secure" : undefined);
  return attributes;
}
