import type { BlockedValues } from "../../../model/controller.ts";
import type { HostPattern, HostTable, VirtualHost } from "../../../model/route/selection.ts";
import { compilePattern } from "../../../pcre/pattern.ts";
import type { ServerDraft } from "../servers.ts";
import { hostRedirectStep, type WwwRedirect } from "./from-to-www-redirect.ts";
import { redirectingHost } from "./virtual-hosts.ts";

/** Virtual hosts by names and aliases, including those that only redirect. */
export function hostTable(
  hosts: ReadonlyMap<ServerDraft, VirtualHost>,
  redirects: readonly WwwRedirect[],
  blocked: readonly BlockedValues[] | undefined,
): HostTable {
  const [any, ...named] = [...hosts.values()];
  if (any === undefined) throw new Error("there is always a catch-all server");
  const exact = new Map<string, VirtualHost>();
  const oneLabel = new Map<string, VirtualHost>();
  for (const host of named) (host.name.startsWith("*.") ? oneLabel : exact).set(host.name, host);
  for (const redirect of redirects) {
    const step = hostRedirectStep(redirect, hosts.get(redirect.to));
    exact.set(redirect.from, redirectingHost(redirect.from, step, { blocked, miss: any.miss }));
  }
  return { exact, oneLabel, any, star: "word", ...aliasesOf(hosts, exact) };
}

/** The controller sorts servers by name, and nginx keeps the first of equal aliases (controller.go, getBackendServers). */
function aliasesOf(
  hosts: ReadonlyMap<ServerDraft, VirtualHost>,
  exact: Map<string, VirtualHost>,
): Pick<HostTable, "suffix" | "prefix" | "patterns"> {
  const suffix = new Map<string, VirtualHost>();
  const prefix = new Map<string, VirtualHost>();
  const patterns: HostPattern[] = [];
  const inOrder = [...hosts].sort(([, a], [, b]) => (a.name < b.name ? -1 : 1));
  for (const [{ aliases }, host] of inOrder) {
    for (const alias of aliases) {
      const name = alias.toLowerCase();
      const compiled = alias.startsWith("~") ? compilePattern(alias.slice(1), "anywhere") : undefined;
      if (compiled?.kind === "compiled") patterns.push({ pattern: compiled.pattern, host });
      else if (alias.startsWith("*.")) addFirst(suffix, name.slice(1), host);
      else if (alias.endsWith(".*")) addFirst(prefix, name.slice(0, -1), host);
      else if (alias.startsWith(".")) {
        addFirst(exact, name.slice(1), host);
        addFirst(suffix, name, host);
      } else addFirst(exact, name, host);
    }
  }
  return { suffix, prefix, patterns };
}

function addFirst(hosts: Map<string, VirtualHost>, name: string, host: VirtualHost): void {
  if (!hosts.has(name)) hosts.set(name, host);
}
