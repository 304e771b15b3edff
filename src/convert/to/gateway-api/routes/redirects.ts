import type { Ingress } from "../../../../model/resource.ts";
import type { Made, MadeObject } from "../../made.ts";
import type { IngressSource } from "../../sources.ts";
import { type GatewayDraft, listenerOf } from "../listeners.ts";
import type { FreshNames } from "../names.ts";
import { chunks, parentRef, routeObject } from "../routes.ts";
import { type RuleDraft, withoutFields } from "./rules.ts";

/** As ingress-nginx redirects; a POST stays one. */
const STATUS = 308;

const TO_HTTPS = { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: STATUS } };

/** The same rules at the listener of http, which redirect. For hosts that other Ingresses serve by http. */
export function redirectingRules(rules: readonly RuleDraft[]): readonly RuleDraft[] {
  const own = rules.map(({ matches }) => ({ field: "", matches, filters: [TO_HTTPS], backendRefs: [] }));
  const seen = new Set<string>();
  return own.filter((rule) => {
    const key = withoutFields(rule.matches as unknown as Made);
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

/** Whether an Ingress sends a host's requests by http to https. */
export function isRedirecting({ nginx }: IngressSource, host: string, gateway: GatewayDraft): boolean {
  if (nginx === undefined) return false;
  const { sslRedirect, redirect } = nginx.settings.location;
  const passed = gateway.passed.get(host);
  if (passed !== undefined && !passed.isRedirected && sslRedirect !== "always") return false;
  if (passed === undefined && listenerOf(gateway, host) === undefined) return false;
  return sslRedirect !== "never" && redirect === undefined;
}

/** Hosts that every Ingress which names them redirects, each with the first of these. */
export function redirectedHosts(
  sources: readonly IngressSource[],
  gateway: GatewayDraft,
  aliases: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, Ingress> {
  const found = new Map<string, Ingress>();
  const open = new Set<string>();
  for (const source of sources)
    for (const host of source.ingress.spec.rules.flatMap((rule) => [
      rule.host,
      ...(aliases.get(rule.host) ?? []),
    ])) {
      if (!isRedirecting(source, host, gateway)) open.add(host);
      else if (!found.has(host)) found.set(host, source.ingress);
    }
  return new Map([...found].filter(([host]) => !open.has(host)));
}

/** One HTTPRoute at the listener of http for the hosts that an Ingress is the first to redirect. */
export function redirectRoutes(
  ingress: Ingress,
  hosts: readonly string[],
  { gateway, names }: { readonly gateway: GatewayDraft; readonly names: FreshNames },
): readonly MadeObject[] {
  const { metadata } = ingress;
  return chunks(hosts).map((hostnames) =>
    routeObject(ingress, names.fresh(metadata.namespace, `${metadata.name}-https-redirect`), {
      parentRefs: [parentRef(ingress, gateway, "http")],
      hostnames,
      rules: [{ filters: [TO_HTTPS] }],
    }),
  );
}
