import type { NginxAnnotations } from "./annotations.ts";

/** What Ingresses mean for each other. */
export interface SharedNames {
  /** Every host of a rule; `""`: rules without host. */
  readonly hosts: ReadonlySet<string>;
  /** Hosts whose paths are expressions. */
  readonly regexHosts: ReadonlySet<string>;
  /** The first Ingress with an alias, by the alias in lower case. */
  readonly aliasOwners: ReadonlyMap<string, NginxAnnotations>;
}

/** `taken`: the Ingresses that are no canaries, in their order. */
export function sharedNamesOf(taken: readonly NginxAnnotations[]): SharedNames {
  const hosts = new Set<string>();
  const regexHosts = new Set<string>();
  const aliasOwners = new Map<string, NginxAnnotations>();
  for (const annotations of taken) {
    for (const alias of annotations.list("server-alias") ?? []) {
      const name = alias.toLowerCase();
      if (!aliasOwners.has(name)) aliasOwners.set(name, annotations);
    }
    const isRegex =
      annotations.boolean("use-regex") === true || (annotations.text("rewrite-target") ?? "") !== "";
    for (const { host } of annotations.ingress.spec.rules) {
      hosts.add(host);
      if (isRegex) regexHosts.add(host);
    }
  }
  return { hosts, regexHosts, aliasOwners };
}

/** The aliases that an Ingress has: no host of a rule, and no alias of an Ingress before it. */
export function aliasesOf(
  annotations: NginxAnnotations,
  { hosts, aliasOwners }: SharedNames,
): readonly string[] {
  return (annotations.list("server-alias") ?? []).filter((alias) => {
    const name = alias.toLowerCase();
    return !hosts.has(name) && aliasOwners.get(name) === annotations;
  });
}
