import type { Pattern } from "../model/pattern.ts";
import type { HostMatch, Selection } from "../model/route/selection.ts";
import type { RouteTable } from "../model/route.ts";
import { oncePer } from "../once-per.ts";
import { samplesOf } from "../pcre/samples.ts";

/** A name to ask for. */
export interface HostName {
  /** Lower case. */
  readonly name: string;
  /** A named host itself, or one of the many that a wildcard covers, or that nothing names. */
  readonly kind: "named" | "sample";
  readonly shows: string;
}

/** Beginnings (`shop.*`) are combined with wildcards up to here. */
export const MOST_BEGINNINGS = 20;

interface Written {
  readonly exact: ReadonlySet<string>;
  /** `*.a.test` */
  readonly wildcards: ReadonlySet<string>;
  /** `shop.` */
  readonly beginnings: ReadonlySet<string>;
  readonly patterns: readonly Pattern[];
}

const samplesOfHost = oncePer((pattern: Pattern): readonly string[] => {
  const { matching, missing } = samplesOf(pattern);
  return [...matching, ...missing.slice(0, 4)].map((name) => name.toLowerCase()).filter(isTypeable);
});

function isTypeable(name: string): boolean {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name);
}

/** Every name that a selection may tell from others. */
export function hostNamesOf(
  selections: readonly Selection[],
  tables: readonly Pick<RouteTable, "tlsHosts" | "tlsNames">[],
): readonly HostName[] {
  const { exact, wildcards, beginnings, patterns } = writtenIn(selections, tables);
  const names = new Map<string, HostName>();
  const add = (name: string, kind: HostName["kind"], shows: string) => {
    if (!names.has(name)) names.set(name, { name, kind, shows });
  };
  for (const name of exact) add(name, "named", name);
  const label = fresh((text) => !exact.has(text) && !wildcards.has(`*.${text}`));
  for (const wildcard of wildcards) {
    const bare = wildcard.slice(2);
    const free = fresh((text) => !exact.has(`${text}.${bare}`) && !wildcards.has(`*.${text}.${bare}`));
    add(`${free}.${bare}`, "sample", `a host below ${bare}`);
    add(`${label}.${free}.${bare}`, "sample", `a host two labels below ${bare}`);
    add(bare, "sample", `${bare} itself, without a label before it`);
  }
  const behind = [label, ...[...wildcards].map((wildcard) => `${label}.${wildcard.slice(2)}`)];
  for (const beginning of beginnings)
    for (const rest of behind.slice(0, MOST_BEGINNINGS))
      add(`${beginning}${rest}`, "sample", `a host that begins with ${beginning}`);
  for (const pattern of patterns)
    for (const name of samplesOfHost(pattern)) add(name, "sample", `a host made for ~${pattern.source}`);
  if (new Set(selections.map(starOf)).size > 1)
    for (const wildcard of wildcards)
      add(`${label}~${wildcard.slice(1)}`, "sample", `a host with a tilde below ${wildcard.slice(2)}`);
  add(`${fresh((text) => !exact.has(`${text}.example`))}.example`, "sample", "a host that no rule names");
  return [...names.values()];
}

function starOf(selection: Selection): string {
  return selection.kind === "hosts" ? selection.hosts.star : "";
}

function writtenIn(
  selections: readonly Selection[],
  tables: readonly Pick<RouteTable, "tlsHosts" | "tlsNames">[],
): Written {
  const exact = new Set<string>();
  const wildcards = new Set<string>();
  const beginnings = new Set<string>();
  const patterns: Pattern[] = [];
  const addMatch = (match: HostMatch) => {
    if (match.kind === "pattern") patterns.push(match.pattern);
    else (match.kind === "exact" ? exact : wildcards).add(match.name);
  };
  for (const selection of selections) {
    if (selection.kind === "list") {
      for (const { match } of selection.host.entries) for (const host of match.hosts ?? []) addMatch(host);
      continue;
    }
    const { hosts } = selection;
    for (const name of hosts.exact.keys()) exact.add(name);
    for (const name of hosts.oneLabel.keys()) wildcards.add(name);
    for (const name of hosts.suffix.keys()) wildcards.add(`*${name}`);
    for (const name of hosts.prefix.keys()) beginnings.add(name);
    for (const { pattern } of hosts.patterns) patterns.push(pattern);
  }
  for (const { tlsHosts, tlsNames } of tables)
    for (const name of [...tlsNames, ...tlsHosts.map(({ host }) => host.toLowerCase())])
      if (name !== "") (name.startsWith("*.") ? wildcards : exact).add(name.toLowerCase());
  return { exact, wildcards, beginnings, patterns };
}

/** `any`, `any1`, …: the first that is free. */
export function fresh(isFree: (text: string) => boolean): string {
  for (let number = 0; ; number += 1) {
    const text = number === 0 ? "any" : `any${number}`;
    if (isFree(text)) return text;
  }
}
