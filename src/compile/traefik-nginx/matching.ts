import type { HostMatch, RouteMatch } from "../../model/route/selection.ts";
import { compileRe2, type Re2 } from "../../re2/re2.ts";
import { textAsBytes } from "../../request/utf8.ts";
import { isCatchAll, type Location } from "./location.ts";
import { everyRule, exactRule, expressionRule, hostRule, prefixRule, ROOT_RULE } from "./rule-text.ts";

/** A rule as text, and what it matches. */
export interface RouterRule {
  readonly text: string;
  readonly match: RouteMatch;
}

/** Why Traefik cannot build something, as a clause; its router is missing then. */
export interface Unbuilt {
  readonly why: string;
  /** The annotation, without prefix. default: the path */
  readonly annotation?: string | undefined;
  /** The location counts for nothing, not even for the TLS options of its host. default: its router alone is missing */
  readonly leavesOut?: true | undefined;
}

/** The rule of a location: its host and aliases, and its path. */
export function ruleOf(location: Location): RouterRule | Unbuilt {
  const { host, aliases } = location;
  const hosts = host === "" ? [] : [host, ...aliases];
  if (hosts.includes("")) return { why: "server-alias has an empty name", annotation: "server-alias" };
  const path = pathRule(location);
  if ("why" in path) return path;
  const parts = [hostRule(hosts), path.text].filter((part) => part !== "");
  if (parts.length === 0 && isCatchAll(location)) return { text: ROOT_RULE, match: BELOW_ROOT };
  if (parts.length === 0) return { why: "a rule without host and path is empty" };
  const match = { ...path.match, hosts: hosts.length === 0 ? undefined : hosts.map(hostMatch) };
  return { text: everyRule(parts), match };
}

/** One trailing dot is ignored; a wildcard is for exactly one label. */
export function hostMatch(host: string): HostMatch {
  const name = host.toLowerCase().replace(/\.$/, "");
  return { kind: name.startsWith("*.") ? "one-label" : "exact", name };
}

const BELOW_ROOT: RouteMatch = { path: { kind: "prefix-char", path: "/" } };
const ANY: RouterRule = { text: "", match: { path: { kind: "any" } } };

function pathRule({ path, isRegex }: Location): RouterRule | Unbuilt {
  if (path === undefined || path.path === "") return ANY;
  const written = path.path;
  if (path.pathType === "Exact")
    return { text: exactRule(written), match: { path: { kind: "exact", path: textAsBytes(written) } } };
  if (isRegex) {
    const text = expressionRule(`(?i)^${written}`);
    const pattern = re2Of(`(?i)^${written}`);
    if ("why" in pattern) return pattern;
    return { text, match: { path: { kind: "pattern", pattern, path: textAsBytes(written), exact: false } } };
  }
  if (written === "/") return { text: ROOT_RULE, match: BELOW_ROOT };
  const short = written.replace(/\/$/, "");
  // Requests have no double slash, so nothing lies below `/p//`.
  const kind = short.endsWith("/") ? "exact" : "prefix-element";
  return { text: prefixRule(short), match: { path: { kind, path: textAsBytes(short) } } };
}

/** An expression of RE2, or Go's words for refusing it. */
export function re2Of(source: string): Re2 | Unbuilt {
  const compiled = compileRe2(source);
  return compiled.kind === "compiled" ? compiled.pattern : { why: compiled.why };
}
