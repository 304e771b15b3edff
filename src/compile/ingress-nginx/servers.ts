import type { Problem } from "../../model/problem.ts";
import type { IngressPath, IngressRule } from "../../model/resource.ts";
import type { Steps } from "../../steps.ts";
import { problemOf } from "../problem.ts";
import { type AskAtLength, longQuery } from "../query.ts";
import { isExact, pathAndType } from "../route.ts";
import { rulesOf } from "../rules.ts";
import { otherName, type WwwName } from "./servers/other-name.ts";
import { behindCanary, duplicatePath, resourceBackend } from "./servers/path-problems.ts";
import type { SettledIngress } from "./settling.ts";
import { CATCH_ALL, canaryNamer, IS_SERVER, OWNERS } from "./survey.ts";
import { namedPort, type UpstreamPort } from "./upstreams/port.ts";

/** A location before rendering: an Ingress's path, or a server's initial `/`. */
export interface LocationDraft {
  readonly path: string;
  readonly exact: boolean;
  /** The Ingress of its annotations; absent for a `/` that no Ingress configures. */
  readonly owner?: SettledIngress | undefined;
  /** Absent for a default backend. */
  readonly rule?: { readonly host: string; readonly path: IngressPath } | undefined;
  /** Where it leads; absent for the controller's own default backend. */
  readonly port?: UpstreamPort | undefined;
}

/** A `server` block before rendering. */
export interface ServerDraft {
  /** `""`: the catch-all server, `_`. */
  readonly host: string;
  readonly locations: readonly LocationDraft[];
  /** Duplicate paths that the controller writes again, unlike other duplicates. */
  readonly again: readonly LocationDraft[];
  readonly aliases: readonly string[];
  /** Without canaries. */
  readonly ingresses: readonly SettledIngress[];
  /** `from-to-www-redirect`. */
  readonly www: WwwName | undefined;
  readonly problems: readonly Problem[];
}

/** How many paths are looked at in a step. */
const AT_ONCE = 50;

/**
 * A host's server with its locations in the order found.
 *
 * Source: ingress-nginx controller.go, createServers and getBackendServers.
 */
export const SERVER = longQuery<string, ServerDraft>("server", function* (host, ask) {
  const owners = ask.for(OWNERS, host) ?? [];
  const primaries = owners.filter(({ settings }) => settings.canary === undefined);
  const ingresses = primaries.filter(({ ingress }) => rulesOf(ingress, host).length > 0);
  const draft = new Draft(host, host === "" ? ask.for(CATCH_ALL) : ingresses[0]);
  for (const owner of owners) yield* addRules(draft, owner, ask);
  const { locations, again, problems } = draft;
  const aliases = ownAliases(draft, ingresses, ask);
  const www = otherName(host, locations, ask);
  if (www?.problem !== undefined) problems.push(www.problem);
  return { host, locations, again, aliases, ingresses, www, problems };
});

class Draft {
  readonly host: string;
  readonly locations: LocationDraft[] = [];
  readonly again: LocationDraft[] = [];
  readonly problems: Problem[] = [];
  /** Indexes of `locations`: by path and type, and of each path's first. */
  readonly #byPathAndType = new Map<string, number>();
  readonly #firstOfPath = new Map<string, number>();

  constructor(host: string, owner: SettledIngress | undefined) {
    this.host = host;
    this.#addLocation({ path: "/", exact: false, owner, port: owner?.defaultPort });
  }

  /** Its problem, if the path is not used. */
  addPath(
    owner: SettledIngress,
    rule: NonNullable<LocationDraft["rule"]>,
    port: UpstreamPort | undefined,
  ): Problem | undefined {
    if (rule.path.backend.kind === "resource") return resourceBackend(owner, rule.path);
    const path = rule.path.path === "" ? "/" : rule.path.path;
    const draft: LocationDraft = { path, exact: isExact(rule.path.pathType), owner, rule, port };
    const index = this.#byPathAndType.get(pathAndType(draft)) ?? -1;
    const taken = this.locations[index];
    if (taken === undefined) this.#addLocation(draft);
    else if (taken.rule === undefined && !this.#isConfiguredCatchAll(taken)) this.locations[index] = draft;
    else {
      // If the path's first location has another type, the controller stops looking.
      const first = this.locations[this.#firstOfPath.get(path) ?? -1];
      if (first?.exact !== draft.exact) this.again.push(draft);
      return duplicatePath(owner, rule, taken);
    }
    return undefined;
  }

  #addLocation(draft: LocationDraft): void {
    const index = this.locations.push(draft) - 1;
    this.#byPathAndType.set(pathAndType(draft), index);
    if (!this.#firstOfPath.has(draft.path)) this.#firstOfPath.set(draft.path, index);
  }

  /** The catch-all server's `/` is taken once an Ingress without rules configures it. */
  #isConfiguredCatchAll(location: LocationDraft): boolean {
    return this.host === "" && location.owner !== undefined;
  }
}

/**
 * Adds the paths of an Ingress, except those whose backend a canary Ingress named first. A canary's path whose backend
 * an ordinary Ingress named first is an ordinary path.
 */
function* addRules(draft: Draft, owner: SettledIngress, ask: AskAtLength): Steps<void> {
  const isCanary = owner.settings.canary !== undefined;
  for (const rule of rulesAt(draft.host, owner, ask)) {
    for (const [at, path] of (rule.paths ?? []).entries()) {
      const port = namedPort(owner.ingress, path.backend, ask);
      const canary = port && canaryNamer(port.upstream, ask);
      const problem =
        canary === undefined
          ? draft.addPath(owner, { host: rule.host, path }, port)
          : behindCanary(owner, path, canary);
      // Canary paths are reported where they are merged.
      if (problem !== undefined && !isCanary) draft.problems.push(problem);
      if (at % AT_ONCE === AT_ONCE - 1) yield;
    }
  }
  yield;
}

/** A canary's rules without a server belong to the catch-all server. */
function rulesAt(
  host: string,
  { ingress, settings }: SettledIngress,
  ask: AskAtLength,
): readonly IngressRule[] {
  if (host !== "" || settings.canary === undefined) return rulesOf(ingress, host);
  return ingress.spec.rules.filter((rule) => rule.host === "" || !ask.for(IS_SERVER, rule.host));
}

/** The aliases of the oldest Ingress with some, without those that are hosts, or the server's own name. */
function ownAliases(
  { host, problems }: Draft,
  ingresses: readonly SettledIngress[],
  ask: AskAtLength,
): readonly string[] {
  const aliases = ingresses.find(({ settings }) => settings.aliases.length > 0)?.settings.aliases ?? [];
  const [oldest] = ingresses;
  const taken = aliases.filter((alias) => ask.for(IS_SERVER, alias));
  if (oldest !== undefined)
    for (const alias of taken) if (alias !== host) problems.push(takenAlias(oldest, alias, host));
  return taken.length === 0 ? aliases : aliases.filter((alias) => !ask.for(IS_SERVER, alias));
}

function takenAlias({ ingress }: SettledIngress, alias: string, host: string): Problem {
  return problemOf(ingress, {
    code: "alias-taken",
    level: "warning",
    field: "metadata.annotations[nginx.ingress.kubernetes.io/server-alias]",
    message: `the alias "${alias}" of host "${host}" is the host of an Ingress, which wins`,
    fix: "Remove the alias or the host.",
  });
}
