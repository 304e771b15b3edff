import type { HostPattern, HostTable, VirtualHost } from "../../../model/route/selection.ts";
import type { Steps } from "../../../steps.ts";
import type { Ask } from "../../query.ts";
import { ANYWHERE } from "../locations/path-patterns.ts";
import type { ServerDraft } from "../servers.ts";

/** How many hosts are listed in a step. */
const AT_ONCE = 500;

/** Virtual hosts by names and aliases. `redirecting`: those that only redirect */
export function* hostTable(
  hosts: readonly (readonly [ServerDraft, VirtualHost])[],
  redirecting: readonly VirtualHost[],
  ask: Ask,
): Steps<HostTable> {
  const any = hosts.find(([{ host }]) => host === "")?.[1];
  if (any === undefined) throw new Error("there is always a catch-all server");
  const exact = new Map<string, VirtualHost>();
  const oneLabel = new Map<string, VirtualHost>();
  for (const [at, [, host]] of hosts.entries()) {
    if (host !== any) (host.name.startsWith("*.") ? oneLabel : exact).set(host.name, host);
    if (at % AT_ONCE === 0) yield;
  }
  for (const host of redirecting) exact.set(host.name, host);
  const aliased = hosts.filter(([{ aliases }]) => aliases.length > 0);
  return { exact, oneLabel, any, star: "word", ...aliasesOf(aliased, exact, ask) };
}

/** The controller sorts servers by name, and nginx keeps the first of equal aliases (controller.go, getBackendServers). */
function aliasesOf(
  hosts: readonly (readonly [ServerDraft, VirtualHost])[],
  exact: Map<string, VirtualHost>,
  ask: Ask,
): Pick<HostTable, "suffix" | "prefix" | "patterns"> {
  const suffix = new Map<string, VirtualHost>();
  const prefix = new Map<string, VirtualHost>();
  const patterns: HostPattern[] = [];
  const inOrder = [...hosts].sort(([, a], [, b]) => (a.name < b.name ? -1 : 1));
  for (const [{ aliases }, host] of inOrder) {
    for (const alias of aliases) {
      const name = alias.toLowerCase();
      const compiled = alias.startsWith("~") ? ask.for(ANYWHERE, alias.slice(1)) : undefined;
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
