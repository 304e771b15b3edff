import { compileRe2 } from "../../../re2/re2.ts";
import type { IngressSource } from "../sources.ts";
import { redirectedNames } from "./other-names.ts";

/** The server of requests for hosts that no Ingress names. */
const REST = "_";

/**
 * Further names of each host, whichever Ingress gives them (`server-alias`): the oldest of a host that has some. A name that
 * a rule has is none, and of two hosts the first by name has it. `isSayable`: false for names that a target cannot say
 */
export function aliasesByHost(
  sources: readonly IngressSource[],
  isSayable: (alias: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const own = new Map<string, readonly string[]>();
  for (const { ingress, nginx } of sources) {
    const aliases = (nginx?.settings.aliases ?? []).map((alias) =>
      alias.startsWith("~") ? alias : alias.toLowerCase(),
    );
    if (aliases.length === 0) continue;
    for (const { host } of ingress.spec.rules) if (!own.has(host)) own.set(host, aliases);
  }
  const hosts = sources.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => host));
  const taken = new Set([...hosts, ...redirectedNames(sources)]);
  const found = new Map<string, readonly string[]>();
  // nginx keeps the first of equal names, and the controller sorts its servers.
  for (const [host, aliases] of [...own].sort(([a], [b]) => ((a || REST) < (b || REST) ? -1 : 1))) {
    const free = [...new Set(aliases)].filter((alias) => !taken.has(alias));
    for (const alias of free) taken.add(alias);
    found.set(host, free.filter(isSayable));
  }
  return found;
}

/** Finds the host that has a name as an alias. `undefined`: it is none */
export function aliasFinder(sources: readonly IngressSource[]): (name: string) => string | undefined {
  const hosts = new Set(sources.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => host)));
  const tests = [...aliasesByHost(sources, () => true)].flatMap(([host, aliases]) =>
    aliases.map((alias) => ({ host, takes: testOf(alias) })),
  );
  if (tests.length === 0) return () => undefined;
  return (name) => (hosts.has(name) ? undefined : tests.find(({ takes }) => takes(name))?.host);
}

function testOf(alias: string): (name: string) => boolean {
  if (alias.startsWith("~")) {
    const found = compileRe2(alias.slice(1), { letters: "any case" });
    return (name) => found.kind === "compiled" && Array.isArray(found.pattern.find(name));
  }
  if (alias.startsWith("*.")) return (name) => name.endsWith(alias.slice(1));
  if (alias.startsWith(".")) return (name) => name === alias.slice(1) || name.endsWith(alias);
  if (alias.endsWith(".*")) return (name) => name.startsWith(alias.slice(0, -1));
  return (name) => name === alias;
}
