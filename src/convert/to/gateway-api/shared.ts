import { redirectedNames } from "../nginx/other-names.ts";
import type { IngressSource } from "../sources.ts";

/** `server-alias` is a host's, whichever Ingress has it; a name that a rule has is none. */
export function aliasesIn(sources: readonly IngressSource[]): ReadonlyMap<string, readonly string[]> {
  const hosts = new Set(sources.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => host)));
  const taken = new Set([...hosts, ...redirectedNames(sources)]);
  const found = new Map<string, string[]>();
  for (const { ingress, nginx } of sources)
    for (const { host } of ingress.spec.rules) {
      // The oldest Ingress of a host that has some gives them.
      if (host === "" || found.has(host)) continue;
      const own = (nginx?.settings.aliases ?? []).map((alias) => alias.toLowerCase());
      const free = own.filter((alias) => !taken.has(alias) && HOST_NAME.test(alias));
      for (const alias of free) taken.add(alias);
      if (own.length > 0) found.set(host, [...new Set(free)]);
    }
  return found;
}

/** What the API server takes as a hostname. */
const HOST_NAME = /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
