import type { Steps } from "../../steps.ts";
import { type Supply, supplied } from "../memory.ts";
import { given, sameList, sameRecord } from "../query.ts";
import type { SettledIngress } from "./settling.ts";
import type { UpstreamPort } from "./upstreams/port.ts";

/** Ingresses with rules of a server, oldest first. `""`: the catch-all server. */
export const OWNERS = given<string, readonly SettledIngress[] | undefined>("Ingresses of a host", sameList);
/** True for the hosts of servers: those of rules of Ingresses that are no canaries. */
export const IS_SERVER = given<string, boolean>("is a server");
/** The Ingress that configures the catch-all server's `/`. */
export const CATCH_ALL = given<undefined, SettledIngress | undefined>("catch-all Ingress");
/** The oldest Ingress with rules and a default backend. */
export const DEFAULT_WITH_RULES = given<undefined, SettledIngress | undefined>(
  "default backend beside rules",
);
/** The Ingress whose annotations count for an upstream, by the upstream's name. */
export const NAMER = given<string, Namer | undefined>("Ingress of an upstream", sameRecord);
/** The same, if it is a canary: then the controller keeps the upstream for canary traffic. */
export const CANARY_NAMER = given<string, Namer | undefined>("canary of an upstream", sameRecord);
/** Ingresses with `affinity` that name an upstream, oldest first. */
export const STICKY = given<string, readonly SettledIngress[] | undefined>(
  "affinity of an upstream",
  sameList,
);
export const CANARY_INGRESSES = given<undefined, readonly SettledIngress[]>("canary Ingresses", sameList);
/** "canaries" alone: then nothing is merged. */
export const PRESENT = given<undefined, "canaries" | "others">("kinds of Ingresses");

/** The Ingress that decides about an upstream, and the Service port that it names. */
export interface Namer {
  readonly owner: SettledIngress;
  readonly port: UpstreamPort;
}

export interface Survey {
  /** Hosts of servers, the catch-all server first, then as found. */
  readonly servers: Iterable<string>;
  readonly supplies: readonly Supply[];
}

/** How many Ingresses are looked at in a step. */
const AT_ONCE = 200;

/** Who names which host and upstream. Nothing here is kept, so each Ingress has to be cheap. */
export function* surveyOf(ingresses: readonly SettledIngress[]): Steps<Survey> {
  const servers = new Set<string>([""]);
  const canaries: SettledIngress[] = [];
  let catchAll: SettledIngress | undefined;
  let withRules: SettledIngress | undefined;
  for (const [at, owner] of ingresses.entries()) {
    if (at % AT_ONCE === 0) yield;
    if (owner.settings.canary !== undefined) {
      canaries.push(owner);
      continue;
    }
    for (const { host } of owner.ingress.spec.rules) servers.add(host);
    if (isCatchAll(owner)) catchAll ??= owner;
    if (hasBoth(owner)) withRules ??= owner;
  }
  const owners = new Map<string, SettledIngress[]>();
  const namers = new Map<string, Namer>();
  const sticky = new Map<string, SettledIngress[]>();
  for (const [at, owner] of ingresses.entries()) {
    if (at % AT_ONCE === 0) yield;
    // A canary's rule without a server belongs to the catch-all server.
    for (const { host } of owner.ingress.spec.rules) addLast(owners, servers.has(host) ? host : "", owner);
    nameUpstreams(owner, namers, sticky);
  }
  const present = canaries.length === ingresses.length ? "canaries" : "others";
  return {
    servers,
    supplies: [
      supplied(OWNERS, (host) => owners.get(host)),
      supplied(IS_SERVER, (host) => servers.has(host)),
      supplied(CATCH_ALL, () => catchAll),
      supplied(DEFAULT_WITH_RULES, () => withRules),
      supplied(NAMER, (name) => namers.get(name)),
      supplied(CANARY_NAMER, (name) => {
        const namer = namers.get(name);
        return namer?.owner.settings.canary === undefined ? undefined : namer;
      }),
      supplied(STICKY, (name) => sticky.get(name)),
      supplied(CANARY_INGRESSES, () => canaries),
      supplied(PRESENT, () => present),
    ],
  };
}

/**
 * A Service port has the settings of the first Ingress that names it; a default backend those of the last
 * (controller.go, createUpstreams).
 */
function nameUpstreams(
  owner: SettledIngress,
  namers: Map<string, Namer>,
  sticky: Map<string, SettledIngress[]>,
): void {
  const { defaultPort, ports, settings } = owner;
  if (defaultPort !== undefined) namers.set(defaultPort.upstream, { owner, port: defaultPort });
  for (const port of ports) {
    if (!namers.has(port.upstream)) namers.set(port.upstream, { owner, port });
    if (settings.balancing.affinity !== undefined) addLast(sticky, port.upstream, owner);
  }
}

function addLast(lists: Map<string, SettledIngress[]>, key: string, owner: SettledIngress): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [owner]);
  else if (list.at(-1) !== owner) list.push(owner);
}

/** An Ingress with a backend and no rules configures the catch-all server's `/`. */
function isCatchAll({ ingress: { spec } }: SettledIngress): boolean {
  return spec.defaultBackend?.kind === "service" && spec.rules.length === 0;
}

function hasBoth({ ingress: { spec }, defaultPort }: SettledIngress): boolean {
  return defaultPort !== undefined && spec.rules.length > 0;
}
