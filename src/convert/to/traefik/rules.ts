import { inPattern } from "./features/headers.ts";

/** As Traefik's rules are written: in backquotes, or as Go quotes. */
export function ruleText(text: string): string {
  return text.includes("`") ? JSON.stringify(text) : `\`${text}\``;
}

/** Hosts in a rule; `""`: every one. */
export function ruleOfHosts(hosts: readonly string[]): string {
  const rules = hosts.filter((host) => host !== "").map(oneHost);
  if (rules.length === 0) return "";
  return rules.length === 1 ? (rules[0] ?? "") : `(${rules.join(" || ")})`;
}

function oneHost(host: string): string {
  if (host.startsWith("~")) return `HostRegexp(${ruleText(host.slice(1))})`;
  return host.startsWith("*.")
    ? `HostRegexp(${ruleText(`^[\\w-]+\\.${inPattern(host.slice(2))}$`)})`
    : `Host(${ruleText(host)})`;
}

export type PathKind = "exact" | "prefix" | "expression";

/** A path as nginx takes it. */
export function pathRule(path: string, kind: PathKind): string {
  if (kind === "expression") return `PathRegexp(${ruleText(`(?i)^${path}`)})`;
  if (kind === "exact") return `Path(${ruleText(path)})`;
  if (path === "/") return `PathPrefix(${ruleText(path)})`;
  const bare = path.replace(/\/$/, "");
  return `(Path(${ruleText(bare)}) || PathPrefix(${ruleText(`${bare}/`)}))`;
}

export function joinedRules(...parts: readonly string[]): string {
  const said = parts.filter((part) => part !== "");
  return said.length === 0 ? "PathPrefix(`/`)" : said.join(" && ");
}

/** Room for the tests of a canary, and for expressions of one length. */
const STEP = 1_000;
const BESIDE = 5;
/** Above the longest path. */
const EXACT = 10_000_000;
const HOST = 100_000_000;

/**
 * nginx's order as a number: hosts before wildcards before none, Exact before all else, then the longest path. `after`:
 * expressions of one length that come later
 */
export function routePriority(host: string, path: string, kind: PathKind, after = 0): number {
  const ofHost = host === "" ? 0 : host.startsWith("*.") ? HOST : 2 * HOST;
  const ofKind = kind === "exact" ? EXACT : 0;
  const ofPath = Math.min(Buffer.byteLength(path), EXACT / STEP - 1) * STEP;
  return 1 + ofHost + ofKind + ofPath + Math.min(after * BESIDE, STEP - BESIDE - 1);
}
