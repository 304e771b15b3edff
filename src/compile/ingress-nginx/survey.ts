import type { Steps } from "../../steps.ts";
import { type Revision, type Source, type Supply, supplied } from "../memory.ts";
import { type Ask, given, sameList, sameRecord } from "../query.ts";
import type { SettledIngress } from "./settling.ts";
import { type Namer, namesChanged, namesIn, type SurveyedNames } from "./survey/names.ts";

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
/** Most manifests have neither. An answer for each upstream would be a tenth of the memory. */
export const HAS_CANARY = given<undefined, boolean>("is there a canary");
export const HAS_AFFINITY = given<undefined, boolean>("is there an affinity");
const CANARY_NAMER = given<string, Namer | undefined>("canary of an upstream", sameRecord);
/** Ingresses with `affinity` that name an upstream, oldest first. */
export const STICKY = given<string, readonly SettledIngress[] | undefined>(
  "affinity of an upstream",
  sameList,
);
export const CANARY_INGRESSES = given<undefined, readonly SettledIngress[]>("canary Ingresses", sameList);
/** "canaries" alone: then nothing is merged. */
export const PRESENT = given<undefined, "canaries" | "others">("kinds of Ingresses");

export interface Survey {
  /** Hosts of servers, the catch-all server first, then as found. */
  readonly servers: ReadonlySet<string>;
  /** Those with rules of several Ingresses. */
  readonly shared: ReadonlySet<string>;
  readonly supplies: readonly Supply[];
}

/** What names were found in. */
class Surveyed {
  readonly ingresses: readonly SettledIngress[];
  readonly names: SurveyedNames;

  constructor(ingresses: readonly SettledIngress[], names: SurveyedNames) {
    this.ingresses = ingresses;
    this.names = names;
  }
}

/** How many Ingresses are looked at in a step. */
const AT_ONCE = 200;

/**
 * Who names which host and upstream. All Ingresses are looked at each time, which has to be cheap: only names of those that
 * came or went since the revision before are found again. `all`: also those that this survey leaves out
 */
export function* surveyOf(
  ingresses: readonly SettledIngress[],
  revision: Revision,
  all = ingresses,
): Steps<Survey> {
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
  // Of all, so that it stays the same while some are left out and come back.
  const hasCanary = all.some(({ settings }) => settings.canary !== undefined);
  const hasAffinity = all.some(({ settings }) => settings.balancing.affinity !== undefined);
  const present = canaries.length === ingresses.length ? "canaries" : "others";
  const last = revision.sourceOf(OWNERS);
  const before = last instanceof Surveyed ? last : undefined;
  const changed = before && namesChanged(before.ingresses, ingresses, before.names);
  const again = before && changed && { before: before.names, changed };
  const names = yield* namesIn(ingresses, servers, again);
  const from = new Surveyed(ingresses, names);
  const found = (keys: ReadonlySet<string> | undefined): Source => ({
    from,
    changes: before && keys && { before, keys },
  });
  const [ofHosts, ofUpstreams] = [found(changed?.hosts), found(changed?.upstreams)];
  const supplies = [
    supplied(OWNERS, (host) => names.owners.get(host), ofHosts),
    supplied(IS_SERVER, (host) => servers.has(host), ofHosts),
    supplied(CATCH_ALL, () => catchAll),
    supplied(DEFAULT_WITH_RULES, () => withRules),
    supplied(NAMER, (name) => names.namers.get(name), ofUpstreams),
    supplied(HAS_CANARY, () => hasCanary),
    supplied(HAS_AFFINITY, () => hasAffinity),
    supplied(
      CANARY_NAMER,
      (name) => {
        const namer = names.namers.get(name);
        return namer?.owner.settings.canary === undefined ? undefined : namer;
      },
      ofUpstreams,
    ),
    supplied(STICKY, (name) => names.sticky.get(name), ofUpstreams),
    supplied(CANARY_INGRESSES, () => canaries),
    supplied(PRESENT, () => present),
  ];
  return { servers, shared: names.shared, supplies };
}

/** The Ingress of an upstream, if it is a canary: then the controller keeps the upstream for canary traffic. */
export function canaryNamer(upstream: string, ask: Ask): Namer | undefined {
  return ask.for(HAS_CANARY) ? ask.for(CANARY_NAMER, upstream) : undefined;
}

/** An Ingress with a backend and no rules configures the catch-all server's `/`. */
function isCatchAll({ ingress: { spec } }: SettledIngress): boolean {
  return spec.defaultBackend?.kind === "service" && spec.rules.length === 0;
}

function hasBoth({ ingress: { spec }, defaultPort }: SettledIngress): boolean {
  return defaultPort !== undefined && spec.rules.length > 0;
}
