import { append } from "../../append.ts";
import type { Problem } from "../../model/problem.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import type { RouteEntry } from "../../model/route/selection.ts";
import { type Route, routeWith } from "../../model/route.ts";
import { textAsBytes } from "../../request/utf8.ts";
import type { RewriteStep } from "../../step/rewrite.ts";
import type { Steps } from "../../steps.ts";
import type { OwnRoute } from "../controller.ts";
import type { Ask, AskAtLength } from "../query.ts";
import { byLength } from "../route.ts";
import { duplicateLocations, type WrittenLocation } from "./locations/duplicate-locations.ts";
import { halves, isCatchAllOwner, needsRegex, rewrites } from "./locations/location-form.ts";
import { locationRoute, type ServerParts, serverParts } from "./locations/location-routes.ts";
import { badPattern, isRefused, patternOf, slowPattern } from "./locations/path-patterns.ts";
import type { ServerSettings } from "./servers/server-settings.ts";
import type { LocationDraft, ServerDraft } from "./servers.ts";

/** How many locations are written in a step. */
const AT_ONCE = 50;

type AppRoot = Extract<HostStep, { kind: "app-root" }>;

/** One server's locations in matching order. */
export interface ServerLocations {
  readonly entries: readonly RouteEntry[];
  /** Routes of Ingresses, in the same order. */
  readonly routes: readonly OwnRoute[];
  /** From the first location with `app-root`: nginx.tmpl writes it before the location. */
  readonly appRoot?: AppRoot | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Renders a server's locations: sorted, split into prefix and exact halves, or all as regular expressions.
 *
 * Source: ingress-nginx controller.go (the two sorts), location.go (updateServerLocations), template.go
 * (enforceRegexModifier, buildLocation, buildProxyPass).
 */
export function* writeLocations(
  server: ServerDraft,
  settings: ServerSettings,
  ask: AskAtLength,
): Steps<ServerLocations> {
  const drafts = yield* byLength(server.locations);
  const cause = drafts.find(needsRegex);
  const exactPaths = new Set(drafts.filter(({ exact }) => exact).map(({ path }) => path));
  const parts = yield* serverParts(server, settings, cause, ask);
  const entries: RouteEntry[] = [];
  const drafted: WrittenLocation[] = [];
  const problems: Problem[] = [];
  const routes: OwnRoute[] = [];
  let appRoot: AppRoot | undefined;
  for (const [at, draft] of drafts.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    if (cause !== undefined && isRefused(draft.path, ask)) {
      problems.push(badPattern(draft, ask));
      continue;
    }
    if (cause !== undefined) append(problems, slowPattern(draft, ask));
    const written = halves(draft, exactPaths);
    append(
      drafted,
      written.map((half) => ({ draft, ...half })),
    );
    const routed = writeDraft(draft, written, parts, ask);
    for (const { match, route } of routed)
      entries.push({ kind: "route", match, route, rank: entries.length });
    append(routes, ownRoutes(draft, routed));
    appRoot ??= appRootOf(draft, routed[0]?.route);
  }
  if (cause === undefined) append(problems, yield* duplicateLocations(server, drafted));
  return { entries, routes, appRoot, problems };
}

function writeDraft(
  draft: LocationDraft,
  written: readonly { readonly path: string; readonly exact: boolean }[],
  parts: ServerParts,
  ask: Ask,
): Pick<RouteEntry, "match" | "route">[] {
  let shared: Route | undefined;
  return written.map(({ path, exact }) => {
    const rewrite = rewriteOf(draft, path, ask);
    // Both halves share a route, unless one rewrites.
    const route = (rewrite === undefined ? shared : undefined) ?? locationRoute(draft, rewrite, parts);
    if (rewrite === undefined) shared = route;
    const bytes = textAsBytes(path);
    if (parts.cause === undefined)
      return { route, match: { path: { kind: exact ? "exact" : "prefix-char", path: bytes } } };
    const pattern = patternOf(path, "start", ask);
    return { route, match: { path: { kind: "pattern", pattern, path: bytes, exact } } };
  });
}

function rewriteOf(draft: LocationDraft, path: string, ask: Ask): RewriteStep | undefined {
  const { owner } = draft;
  const target = owner?.settings.rewriteTarget;
  if (owner === undefined || target === undefined || isCatchAllOwner(draft)) return undefined;
  if (!rewrites(owner.settings, path)) return undefined;
  return { kind: "rewrite", pattern: patternOf(path, "anywhere", ask), target };
}

/** Both halves of a location may share a route. */
function ownRoutes(
  { owner }: LocationDraft,
  routed: readonly Pick<RouteEntry, "route">[],
): readonly OwnRoute[] {
  if (owner === undefined) return [];
  const routes = new Set(routed.map(({ route }) => route).filter(({ ingress }) => ingress !== undefined));
  return [...routes].map((route) => ({ ingress: owner.ingress, route }));
}

/** `app-root` answers before any location, so no body limit applies. */
function appRootOf(draft: LocationDraft, route: Route | undefined): AppRoot | undefined {
  const target = isCatchAllOwner(draft) ? undefined : draft.owner?.settings.appRoot;
  if (target === undefined || route === undefined) return undefined;
  return {
    kind: "app-root",
    target,
    route: routeWith(route, { transport: { ...route.transport, bodyLimit: 0 } }),
  };
}
