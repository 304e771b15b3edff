import type { Problem } from "../../model/problem.ts";
import type { Ingress, IngressPath, IngressRule } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import { isExact, pathAndType } from "../route.ts";
import { mindsOverlap, overlapInWords } from "./admission/overlap.ts";
import type { IngressSettings } from "./settings.ts";
import { type UpstreamDraft, type UpstreamDrafts, upstreamOf } from "./upstreams/upstream-drafts.ts";

/** An Ingress with its parsed annotations. */
export interface SettledIngress {
  readonly ingress: Ingress;
  readonly settings: IngressSettings;
}

/** A location before rendering: an Ingress's path, or a server's initial `/`. */
export interface LocationDraft {
  readonly path: string;
  readonly exact: boolean;
  /** The Ingress of its annotations; absent for a `/` that no Ingress configures. */
  readonly owner?: SettledIngress | undefined;
  /** Absent for a default backend. */
  readonly rule?: { readonly host: string; readonly path: IngressPath } | undefined;
}

/** A `server` block before rendering. */
export interface ServerDraft {
  /** `""`: the catch-all server, `_`. */
  readonly host: string;
  readonly locations: LocationDraft[];
  /** Duplicate paths that the controller writes again, unlike other duplicates. */
  readonly again: LocationDraft[];
  readonly aliases: readonly string[];
  readonly ingresses: readonly SettledIngress[];
}

interface Draft extends ServerDraft {
  aliases: readonly string[];
  readonly ingresses: SettledIngress[];
  /** Indexes of `locations`: by path and type, and of each path's first. */
  readonly byPathAndType: Map<string, number>;
  readonly firstOfPath: Map<string, number>;
}

/**
 * The servers of Ingresses, oldest first, with their locations in the order found.
 *
 * Source: ingress-nginx controller.go, createServers and getBackendServers.
 */
export function draftServers(
  ingresses: readonly SettledIngress[],
  upstreams: UpstreamDrafts,
): {
  readonly servers: ReadonlyMap<string, ServerDraft>;
  readonly problems: readonly Problem[];
} {
  const primaries = ingresses.filter(({ settings }) => settings.canary === undefined);
  const catchAll = primaries.find(({ ingress }) => isCatchAll(ingress));
  const servers = new Map<string, Draft>([["", newServer("", catchAll)]]);
  const problems: Problem[] = [];
  for (const owner of primaries) {
    for (const rule of owner.ingress.spec.rules) {
      const server = servers.get(rule.host) ?? newServer(rule.host, owner);
      servers.set(rule.host, server);
      if (server.ingresses.at(-1) !== owner) server.ingresses.push(owner);
      if (server.aliases.length === 0) server.aliases = owner.settings.aliases;
    }
  }
  for (const owner of ingresses)
    for (const rule of owner.ingress.spec.rules) addRule({ servers, upstreams, problems }, owner, rule);
  settleAliases(servers, problems);
  return { servers, problems };
}

/** An Ingress with a backend and no rules configures the catch-all server's `/`. */
function isCatchAll(ingress: Ingress): boolean {
  return ingress.spec.defaultBackend?.kind === "service" && ingress.spec.rules.length === 0;
}

function newServer(host: string, owner: SettledIngress | undefined): Draft {
  const server: Draft = {
    ...{ host, locations: [], again: [], aliases: [], ingresses: [] },
    ...{ byPathAndType: new Map(), firstOfPath: new Map() },
  };
  addLocation(server, { path: "/", exact: false, owner });
  return server;
}

interface Drafting {
  readonly servers: ReadonlyMap<string, Draft>;
  readonly upstreams: UpstreamDrafts;
  readonly problems: Problem[];
}

/**
 * Adds a rule's paths, except those whose backend a canary Ingress named first. A canary's path whose backend
 * an ordinary Ingress named first is an ordinary path; without a server for its host it belongs to the
 * catch-all server.
 */
function addRule({ servers, upstreams, problems }: Drafting, owner: SettledIngress, rule: IngressRule): void {
  const server = servers.get(rule.host) ?? servers.get("");
  if (server === undefined) return;
  const { canary } = owner.settings;
  for (const path of rule.paths ?? []) {
    const upstream = upstreamOf(upstreams, owner, path.backend);
    if (upstream?.noServer === true) {
      if (canary === undefined) problems.push(behindCanary(owner.ingress, path, upstream));
      continue;
    }
    const problem = addPath(server, { owner, rule: { host: rule.host, path } });
    // Canary paths are reported where they are merged.
    if (problem !== undefined && canary === undefined) problems.push(problem);
  }
}

function behindCanary(ingress: Ingress, path: IngressPath, { name, owner }: UpstreamDraft): Problem {
  return problemOf(ingress, {
    code: "canary-backend",
    level: "error",
    lost: "route",
    field: `${path.field}.backend`,
    message: `Ingress ${ingressName(ingress)}: the path "${path.path || "/"}" is not served: its backend ${name} is that of the canary Ingress ${ingressName(owner.ingress)}, which is older, and the controller keeps it for canary traffic alone`,
    fix: "Name another Service here, or for the canary.",
  });
}

function addPath(
  server: Draft,
  entry: {
    readonly owner: SettledIngress;
    readonly rule: { readonly host: string; readonly path: IngressPath };
  },
): Problem | undefined {
  const { owner, rule } = entry;
  if (rule.path.backend.kind === "resource") return resourceBackend(owner.ingress, rule.path);
  const path = rule.path.path === "" ? "/" : rule.path.path;
  const draft: LocationDraft = { path, exact: isExact(rule.path.pathType), owner, rule };
  const index = server.byPathAndType.get(pathAndType(draft)) ?? -1;
  const taken = server.locations[index];
  if (taken === undefined) addLocation(server, draft);
  else if (taken.rule === undefined && !isConfiguredCatchAll(server, taken)) server.locations[index] = draft;
  else {
    // If the path's first location has another type, the controller stops looking.
    const first = server.locations[server.firstOfPath.get(path) ?? -1];
    if (first?.exact !== draft.exact) server.again.push(draft);
    return duplicatePath(owner, rule, taken);
  }
  return undefined;
}

function addLocation({ locations, byPathAndType, firstOfPath }: Draft, draft: LocationDraft): void {
  const index = locations.push(draft) - 1;
  byPathAndType.set(pathAndType(draft), index);
  if (!firstOfPath.has(draft.path)) firstOfPath.set(draft.path, index);
}

/** The catch-all server's `/` is taken once an Ingress without rules configures it. */
function isConfiguredCatchAll(server: Draft, location: LocationDraft): boolean {
  return server.host === "" && location.owner !== undefined;
}

/** The webhook checks only other Ingresses' paths; a path repeated in one Ingress is ignored. */
function duplicatePath(
  { ingress }: SettledIngress,
  rule: { readonly host: string; readonly path: IngressPath },
  { owner, path }: LocationDraft,
): Problem {
  const holder = owner?.ingress;
  const words = holder && overlapInWords(rule.host, path, holder);
  const isRefused = holder !== undefined && holder !== ingress && mindsOverlap(ingress, holder);
  const written =
    words ?? `host "${rule.host || "_"}" and path "${path}" is already defined by the controller`;
  return problemOf(ingress, {
    code: "duplicate-path",
    level: "warning",
    field: rule.path.field,
    message: `${written}: this path of ${ingressName(ingress)} is never used`,
    fix: isRefused
      ? "Remove one of the two: the oldest Ingress wins (on disk: the first file), and the admission webhook refuses the other."
      : "Remove one of the two: the first is used.",
    webhook: isRefused ? words : undefined,
  });
}

function resourceBackend(ingress: Ingress, path: IngressPath): Problem {
  return problemOf(ingress, {
    code: "resource-backend",
    level: "warning",
    lost: "route",
    field: `${path.field}.backend`,
    message: `Ingress ${ingressName(ingress)}: ingress-nginx serves Services only: the path "${path.path}" is passed over, and its requests go to the next path that matches, else to the default backend (404)`,
    fix: "Name a Service as the backend.",
  });
}

/** Drops aliases that are hosts, or their own server's name. */
function settleAliases(servers: ReadonlyMap<string, Draft>, problems: Problem[]): void {
  for (const server of servers.values()) {
    const [owner] = server.ingresses;
    for (const alias of server.aliases) {
      if (owner === undefined || !servers.has(alias) || alias === server.host) continue;
      problems.push(
        problemOf(owner.ingress, {
          code: "alias-taken",
          level: "warning",
          field: "metadata.annotations[nginx.ingress.kubernetes.io/server-alias]",
          message: `the alias "${alias}" of host "${server.host}" is the host of an Ingress, which wins`,
          fix: "Remove the alias or the host.",
        }),
      );
    }
    server.aliases = server.aliases.filter((alias) => !servers.has(alias));
  }
}
