import type { VirtualHostTls } from "../model/route/host-step.ts";
import type {
  HostMatch,
  HostTable,
  RouteLookup,
  Selection,
  Star,
  VirtualHost,
} from "../model/route/selection.ts";
import { oncePer } from "../once-per.ts";
import { valueOfName } from "../request/by-name.ts";
import { wildcardOf } from "../request/host.ts";

export function findVirtualHost(selection: Selection, name: string): VirtualHost {
  return selection.kind === "list" ? selection.host : hostAmong(selection.hosts, name);
}

/** True if the host has a virtual host other than the one for every other name. A list has no such one. */
export function isNamed(selection: Selection, name: string): boolean {
  return selection.kind === "list" ? name !== "" : hostAmong(selection.hosts, name) !== selection.hosts.any;
}

/** True if a rule is for the host, by name or wildcard. */
export function hasRuleFor(selection: Selection, name: string): boolean {
  if (selection.kind !== "list") return isNamed(selection, name);
  const names = namesInRules(selection.host);
  return names.has(name) || names.has(wildcardOf(name, "none") ?? "");
}

const namesInRules = oncePer(({ entries }: VirtualHost): ReadonlySet<string> => {
  const hosts = entries.flatMap(({ match }) => match.hosts ?? []);
  return new Set(
    hosts.flatMap((host) => {
      if (host.kind === "pattern") return [];
      return [host.kind === "exact" ? host.name : `*.${host.name.replace(/^\*?\./, "")}`];
    }),
  );
});

/** Of a list, where a name has TLS of its own. */
export function tlsByName(
  { tls }: Extract<Selection, { kind: "list" }>,
  name: string,
): VirtualHostTls | undefined {
  return tls && valueOfName(tls, name);
}

function hostAmong(hosts: HostTable, name: string): VirtualHost {
  const { exact, suffix, prefix, oneLabel, patterns, any, star } = hosts;
  const named =
    exact.get(name) ??
    (suffix.size > 0 ? bySuffix(suffix, name, star) : undefined) ??
    (prefix.size > 0 ? byPrefix(prefix, name) : undefined);
  if (named !== undefined) return named;
  const wildcard = oneLabel.size > 0 ? wildcardOf(name, star) : undefined;
  const covered = wildcard === undefined ? undefined : oneLabel.get(wildcard);
  for (const { pattern, host } of patterns) {
    if (covered !== undefined && covered.name <= host.name) continue;
    const found = pattern.exec(name);
    if (found !== null && found !== "too-complex") return host;
  }
  return covered ?? any;
}

/** nginx's own wildcard names cover any number of labels; the longest wins (ngx_http_server_names). */
function bySuffix(
  suffixes: ReadonlyMap<string, VirtualHost>,
  name: string,
  star: Star,
): VirtualHost | undefined {
  for (let dot = name.indexOf(".", star === "some" ? 1 : 0); dot !== -1; dot = name.indexOf(".", dot + 1)) {
    const found = suffixes.get(name.slice(dot));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same for names that end in a star. */
function byPrefix(prefixes: ReadonlyMap<string, VirtualHost>, name: string): VirtualHost | undefined {
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const found = dot + 1 < name.length ? prefixes.get(name.slice(0, dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** True for a request to one of the hosts of a condition. */
export function isHostOf({ name, request }: RouteLookup, match: HostMatch, star: Star): boolean {
  const isDotted =
    match.kind === "pattern" && match.dot === "seen" && FINAL_DOT.test(request.authority ?? request.host);
  return isCovered(isDotted ? `${name}.` : name, match, star);
}

const FINAL_DOT = /\.(?::\d*)?$/;

export function isCovered(name: string, match: HostMatch, star: Star): boolean {
  switch (match.kind) {
    case "exact":
      return match.name === name;
    case "one-label":
      return wildcardOf(name, star) === match.name;
    case "suffix":
      return name.endsWith(match.name.slice(1)) && name.length >= match.name.length;
    case "pattern": {
      const found = match.pattern.exec(name);
      return found !== null && found !== "too-complex";
    }
  }
}
