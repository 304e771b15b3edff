import type { HostTable, Selection, VirtualHost } from "../../model/route/selection.ts";
import { wildcardOf } from "../../request/host.ts";
import { findVirtualHost } from "../../select/host.ts";

/** `later`: not looked at. */
export type Mark = "taken" | "missed" | "later";

/** One place where a request's host is looked up. */
export interface HostSearch {
  readonly mark: Mark;
  readonly text: string;
}

/** Where the host is looked up, in order; what is empty is left out. The found host is the one that requests find. */
export function hostSearch(selection: Selection, name: string): readonly HostSearch[] {
  if (selection.kind === "list")
    return [{ mark: "taken", text: "one list for all hosts: the host is a condition of each rule" }];
  const { hosts } = selection;
  const found = findVirtualHost(selection, name);
  const places = placesIn(hosts, name);
  const at = places.findIndex((place) => place.holds(found));
  return places.map(({ kind, count, missed }, index) => {
    if (index === at) return { mark: "taken", text: `${kind}: ${found.name}` };
    if (index > at) return { mark: "later", text: `${kind}${count > 0 ? ` (${count})` : ""}` };
    return { mark: "missed", text: `${kind}: ${missed}` };
  });
}

interface HostPlace {
  readonly kind: string;
  readonly count: number;
  readonly missed: string;
  readonly holds: (host: VirtualHost) => boolean;
}

function placesIn(hosts: HostTable, name: string): readonly HostPlace[] {
  const { exact, suffix, prefix, oneLabel, patterns, any, star } = hosts;
  const shown = name === "" ? "without a name" : name;
  const noneOf = (count: number, what: string) => `none of ${count} ${what}`;
  const places: readonly HostPlace[] = [
    {
      kind: "exact name",
      count: exact.size,
      missed: noneOf(exact.size, `is ${shown}`),
      holds: (host) => exact.get(name) === host,
    },
    {
      kind: "wildcard of any depth",
      count: suffix.size,
      missed: noneOf(suffix.size, `covers ${shown}`),
      holds: (host) => [...suffix.values()].includes(host),
    },
    {
      kind: "name with any ending",
      count: prefix.size,
      missed: noneOf(prefix.size, `covers ${shown}`),
      holds: (host) => [...prefix.values()].includes(host),
    },
    {
      kind: "wildcard of one label",
      count: oneLabel.size,
      missed: `${wildcardOf(name, star) ?? `a wildcard for ${shown}`} is none of ${oneLabel.size}`,
      holds: (host) => oneLabel.get(wildcardOf(name, star) ?? "") === host,
    },
    {
      kind: "expression",
      count: patterns.length,
      missed: noneOf(patterns.length, `matches ${shown}`),
      holds: (found) => patterns.some(({ host }) => host === found),
    },
  ];
  const asked = places.filter(({ count }) => count > 0);
  return [...asked, { kind: "every other host", count: 0, missed: "", holds: (host) => host === any }];
}
