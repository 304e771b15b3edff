import type { Steps } from "../../../steps.ts";
import type { SettledIngress } from "../settling.ts";
import type { UpstreamPort } from "../upstreams/port.ts";

/** The Ingress that decides about an upstream, and the Service port that it names. */
export interface Namer {
  readonly owner: SettledIngress;
  readonly port: UpstreamPort;
}

/** Who names what. */
export interface SurveyedNames {
  /** Ingresses with rules of a server, oldest first. */
  readonly owners: NameTable<SettledIngress[]>;
  /** Servers with several. */
  readonly shared: Set<string>;
  readonly namers: NameTable<Namer>;
  /** Ingresses with `affinity` that name an upstream, oldest first. */
  readonly sticky: NameTable<SettledIngress[]>;
}

/** Values by name: the table of an earlier survey, and over it the names that were found again since. */
class NameTable<V> {
  readonly #base: Map<string, V>;
  readonly #again: Map<string, V | undefined>;

  constructor(base = new Map<string, V>(), again = new Map<string, V | undefined>()) {
    this.#base = base;
    this.#again = again;
  }

  /** How many names were found again. */
  get foundAgain(): number {
    return this.#again.size;
  }

  get(name: string): V | undefined {
    return this.#again.has(name) ? this.#again.get(name) : this.#base.get(name);
  }

  set(name: string, value: V): void {
    (this.#again.has(name) ? this.#again : this.#base).set(name, value);
  }

  /** A table in which these names are to be found again; this one stays as it is. */
  without(names: ReadonlySet<string>): NameTable<V> {
    const again = new Map(this.#again);
    for (const name of names) again.set(name, undefined);
    return new NameTable(this.#base, again);
  }
}

/** SurveyedNames that Ingresses have which came or went. */
export interface ChangedNames {
  readonly hosts: ReadonlySet<string>;
  readonly upstreams: ReadonlySet<string>;
}

/** More names are found anew, in about ten times the time. */
const MOST_FOUND_AGAIN = 1_000;

/** The names to find again; `undefined`: too many. */
export function namesChanged(
  before: readonly SettledIngress[],
  now: readonly SettledIngress[],
  { owners, namers }: SurveyedNames,
): ChangedNames | undefined {
  const most = Math.min(before.length, now.length);
  let [start, end] = [0, 0];
  while (start < most && before[start] === now[start]) start += 1;
  while (end < most - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  if (before.length + now.length - 2 * (start + end) > MOST_FOUND_AGAIN) return undefined;
  // A rule of a canary goes over to the catch-all server with the server of its host.
  const hosts = new Set<string>([""]);
  const upstreams = new Set<string>();
  for (const list of [before, now])
    for (const { ingress, defaultPort, ports } of list.slice(start, list.length - end)) {
      for (const { host } of ingress.spec.rules) hosts.add(host);
      if (defaultPort !== undefined) upstreams.add(defaultPort.upstream);
      for (const { upstream } of ports) upstreams.add(upstream);
    }
  const all = hosts.size + upstreams.size + owners.foundAgain + namers.foundAgain;
  return all > MOST_FOUND_AGAIN ? undefined : { hosts, upstreams };
}

/** How many Ingresses are looked at in a step. */
const AT_ONCE = 200;

/** `again`: names before, and which of them to find again. default: all are found */
export function* namesIn(
  ingresses: readonly SettledIngress[],
  servers: ReadonlySet<string>,
  again: { readonly before: SurveyedNames; readonly changed: ChangedNames } | undefined,
): Steps<SurveyedNames> {
  const names: SurveyedNames =
    again === undefined
      ? { owners: new NameTable(), shared: new Set(), namers: new NameTable(), sticky: new NameTable() }
      : {
          owners: again.before.owners.without(again.changed.hosts),
          shared: new Set([...again.before.shared].filter((host) => !again.changed.hosts.has(host))),
          namers: again.before.namers.without(again.changed.upstreams),
          sticky: again.before.sticky.without(again.changed.upstreams),
        };
  const changed = again?.changed;
  for (const [at, owner] of ingresses.entries()) {
    if (at % AT_ONCE === 0) yield;
    for (const { host } of owner.ingress.spec.rules) {
      // A canary's rule without a server belongs to the catch-all server.
      const server = servers.has(host) ? host : "";
      if (changed !== undefined && !changed.hosts.has(server)) continue;
      if (addLast(names.owners, server, owner) > 1) names.shared.add(server);
    }
    nameUpstreams(owner, names, changed?.upstreams);
  }
  return names;
}

/**
 * A Service port has the settings of the first Ingress that names it; a default backend those of the last
 * (controller.go, createUpstreams).
 */
function nameUpstreams(
  owner: SettledIngress,
  { namers, sticky }: SurveyedNames,
  wanted: ReadonlySet<string> | undefined,
): void {
  const { defaultPort, ports, settings } = owner;
  const isWanted = ({ upstream }: UpstreamPort) => wanted === undefined || wanted.has(upstream);
  if (defaultPort !== undefined && isWanted(defaultPort))
    namers.set(defaultPort.upstream, { owner, port: defaultPort });
  for (const port of ports) {
    if (!isWanted(port)) continue;
    if (namers.get(port.upstream) === undefined) namers.set(port.upstream, { owner, port });
    if (settings.balancing.affinity !== undefined) addLast(sticky, port.upstream, owner);
  }
}

/** The new length of the list. */
function addLast(lists: NameTable<SettledIngress[]>, key: string, owner: SettledIngress): number {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [owner]);
  else if (list.at(-1) !== owner) list.push(owner);
  return list?.length ?? 1;
}
