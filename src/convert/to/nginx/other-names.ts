import type { IngressSource } from "../sources.ts";

/** The name with www, or without it. `undefined`: a wildcard, or no host, has none */
export function otherNameOf(host: string): string | undefined {
  if (host === "" || host.startsWith("*")) return undefined;
  return host.startsWith("www.") ? host.slice("www.".length) : `www.${host}`;
}

/** Names that `from-to-www-redirect` sends elsewhere: they come before aliases, and behind hosts of rules. */
export function redirectedNames(sources: readonly IngressSource[]): ReadonlySet<string> {
  const hosts = new Set(sources.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => host)));
  const redirecting = sources.filter(({ nginx }) => nginx?.settings.fromToWww === true);
  const names = redirecting.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => otherNameOf(host)));
  return new Set(names.flatMap((name) => (name === undefined || hosts.has(name) ? [] : [name])));
}
