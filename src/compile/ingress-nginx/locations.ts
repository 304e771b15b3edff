import { append } from "../../append.ts";
import type { HostStep } from "../../model/host-step.ts";
import type { Pattern } from "../../model/pattern.ts";
import type { Problem } from "../../model/problem.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { Backend, Route } from "../../model/route.ts";
import type { RouteEntry } from "../../model/selection.ts";
import type { TlsTerms } from "../../model/settings/server.ts";
import type { Rewrite } from "../../model/settings.ts";
import type { UpstreamTls } from "../../model/transport.ts";
import { type Anchor, compilePattern } from "../../pcre/pattern.ts";
import { pathBytes } from "../../request/path.ts";
import type { ControllerFlags } from "../options.ts";
import { ingressName, problemOf } from "../problem.ts";
import {
  asPrefix,
  byLength,
  defaultBackendRoute,
  hostInWords,
  notFoundRoute,
  pathRoute,
  placeOf,
  type RouteParts,
} from "../route.ts";
import { duplicateLocations, type WrittenLocation } from "./duplicate-locations.ts";
import { PREFIX } from "./prefix.ts";
import type { LocationDraft, ServerDraft } from "./servers.ts";
import type { IngressSettings } from "./settings.ts";
import type { ServerOfSteps } from "./steps.ts";
import { stopInWords } from "./stops.ts";
import { balancedRoute } from "./upstream-drafts.ts";
import { pcreRefusal } from "./values/pcre-words.ts";
import { type RouteSteps, serverOf, withSteps } from "./with-steps.ts";

type AppRoot = Extract<HostStep, { kind: "app-root" }>;

/** The locations of one server, in matching order, and the routes they lead to. */
export interface ServerLocations {
  readonly entries: readonly RouteEntry[];
  /** Of the first location whose Ingress sets `app-root`: nginx.tmpl writes it in front of the location. */
  readonly appRoot?: AppRoot | undefined;
  readonly problems: readonly Problem[];
}

/** Compiles a pattern once for all the paths that share it. */
export type PatternCache = Map<string, ReturnType<typeof compilePattern>>;

/** What the servers of one table have in common. */
export interface SharedParts extends RouteSteps {
  readonly patterns: PatternCache;
  /** Of the `/` of a server that no Ingress configures. */
  readonly ownerless: RouteParts;
  /** Answers where no Ingress does (`--default-backend-service`); absent for nginx itself. */
  readonly ownBackend?: Backend | undefined;
  readonly flags: ControllerFlags;
  /** How TLS is spoken with every client. */
  readonly tls: TlsTerms | undefined;
}

/**
 * Writes the locations of a server down: sorted, split into prefix and exact halves, or all as regular expressions.
 *
 * Source: ingress-nginx controller.go (the two sorts), location.go (updateServerLocations), template.go
 * (enforceRegexModifier, buildLocation, buildProxyPass).
 */
export function writeLocations(server: ServerDraft, shared: SharedParts): ServerLocations {
  const { patterns } = shared;
  const drafts = [...server.locations].sort(byLength);
  const cause = drafts.find(needsRegex);
  const exactPaths = new Set(drafts.filter(({ exact }) => exact).map(({ path }) => path));
  const entries: RouteEntry[] = [];
  const drafted: WrittenLocation[] = [];
  const problems: Problem[] = [];
  const tlsOfServer = server.ingresses.map(({ settings }) => settings.transport.tls).find((tls) => tls?.ca);
  const steppedServer = serverOf(server);
  let appRoot: AppRoot | undefined;
  for (const draft of drafts) {
    if (cause !== undefined && isRefused(draft.path, patterns)) {
      problems.push(badPattern(draft, patterns));
      continue;
    }
    if (cause !== undefined) append(problems, slowPattern(draft, patterns));
    append(
      drafted,
      halves(draft, exactPaths).map((half) => ({ draft, ...half })),
    );
    const written = writeDraft(draft, { server, cause, exactPaths, ...shared, tlsOfServer, steppedServer });
    for (const { match, route } of written)
      entries.push({ kind: "route", match, route, rank: entries.length });
    appRoot ??= appRootOf(draft, written[0]?.route);
  }
  if (cause === undefined) append(problems, duplicateLocations(server, drafted));
  return { entries, appRoot, problems };
}

/** What a draft is written with. */
interface Writing extends SharedParts {
  readonly server: ServerDraft;
  readonly cause: LocationDraft | undefined;
  readonly exactPaths: ReadonlySet<string>;
  readonly tlsOfServer: UpstreamTls | undefined;
  readonly steppedServer: ServerOfSteps;
}

function writeDraft(draft: LocationDraft, writing: Writing): Pick<RouteEntry, "match" | "route">[] {
  const { server, cause, exactPaths, patterns, upstreams, ownerless, ownBackend, tlsOfServer } = writing;
  let route: Route | undefined;
  return halves(draft, exactPaths).map(({ path, exact }) => {
    const parts = handedDown(routeParts(draft, path, { patterns, ownerless }), tlsOfServer);
    // Both halves lead to one route, unless only one of them rewrites.
    if (route === undefined || route.settings.rewrite !== parts.settings.rewrite)
      route = withSteps(
        balancedRoute(routeOf(draft, { server, parts, cause, ownBackend }), upstreams),
        writing.steppedServer,
        writing,
      );
    const bytes = pathBytes(path);
    if (cause === undefined)
      return { route, match: { path: { kind: exact ? "exact" : "prefix-char", path: bytes } } };
    const pattern = patternOf(path, "start", patterns);
    return { route, match: { path: { kind: "pattern", pattern, path: bytes, exact } } };
  });
}

/** No location is found yet when `app-root` answers, so no limit holds for the body. */
function appRootOf(draft: LocationDraft, route: Route | undefined): AppRoot | undefined {
  const target = isCatchAllOwner(draft) ? undefined : draft.owner?.settings.appRoot;
  if (target === undefined || route === undefined) return undefined;
  return { kind: "app-root", target, route: { ...route, transport: { ...route.transport, bodyLimit: 0 } } };
}

/** Whether a location switches its whole host to regular expressions. */
export function needsRegex(draft: LocationDraft): boolean {
  return staysWhole(draft) ? matchesByRegex(draft, draft.path) : matchesByRegex(draft, asPrefix(draft.path));
}

function matchesByRegex(draft: LocationDraft, path: string): boolean {
  const { owner } = draft;
  return (
    owner !== undefined &&
    !isCatchAllOwner(draft) &&
    (owner.settings.useRegex || rewrites(owner.settings, path))
  );
}

/**
 * A target that equals the path is no rewrite (location.go, needsRewrite). It is asked again of the path as it is
 * written: the target `/p` is none for `location = /p`, but one for `location /p/`.
 */
function rewrites({ rewriteTarget }: IngressSettings, path: string): boolean {
  return rewriteTarget !== undefined && rewriteTarget.source !== path;
}

/** Whether a location is written as it is (location.go, updateServerLocations). */
export function staysWhole(draft: LocationDraft): boolean {
  return draft.exact || draft.path === "/" || matchesByRegex(draft, draft.path);
}

/** A Prefix `/p` is `location /p/` and, unless an Exact has it, `location = /p`. */
function halves(
  draft: LocationDraft,
  exactPaths: ReadonlySet<string>,
): readonly { path: string; exact: boolean }[] {
  const { path, exact } = draft;
  if (staysWhole(draft)) return [{ path, exact }];
  const prefix = { path: asPrefix(path), exact: false };
  return exactPaths.has(path) ? [prefix] : [prefix, { path, exact: true }];
}

function routeOf(
  draft: LocationDraft,
  {
    server,
    parts,
    cause,
    ownBackend,
  }: Pick<Writing, "server" | "cause" | "ownBackend"> & { readonly parts: RouteParts },
): Route {
  const { owner, rule } = draft;
  if (owner !== undefined && rule !== undefined) {
    const why = cause === undefined ? matchInWords(draft) : regexInWords(server, cause);
    const regex = cause !== undefined;
    return pathRoute(owner.ingress, { ...rule, regex }, parts, [...why, ...owner.settings.notes]);
  }
  const missed =
    server.host === ""
      ? reason("no-rule-for-host", "no Ingress names this host")
      : reason("no-rule-for-path", `no path of ${hostInWords(server.host)} covers this one`);
  const why = [missed, ...(owner?.settings.notes ?? [])];
  return owner?.ingress.spec.defaultBackend?.kind === "service"
    ? defaultBackendRoute(owner.ingress, server.host, parts, why)
    : notFoundRoute(server.host, parts, why, ownBackend);
}

const EXACT = [reason("exact-path", "the path is exactly this one")];
const LONGEST = [reason("longest-prefix", "it is the longest prefix that covers the path")];

function matchInWords({ exact }: LocationDraft): readonly Reason[] {
  return exact ? EXACT : LONGEST;
}

const FIRST_REGEX = reason(
  "first-regex",
  "it is the first of the host's regular expressions that matches, the longest being tried first",
);

function regexInWords(server: ServerDraft, cause: LocationDraft): readonly Reason[] {
  const name = cause.owner === undefined ? "" : ingressName(cause.owner.ingress);
  const setting = cause.owner?.settings.useRegex ? "use-regex" : "rewrite-target";
  const text = `every path of ${server.host || "this server"} is one, anchored at the start and without regard to case, because Ingress ${name} sets ${setting}`;
  const field = `metadata.annotations[${PREFIX}${setting}]`;
  return [FIRST_REGEX, reason("host-regex", text, cause.owner && placeOf(cause.owner.ingress, field))];
}

/**
 * `proxy-ssl-*` of one Ingress is for the whole server as well (controller.go, getBackendServers: the first with a CA).
 */
function handedDown(parts: RouteParts, tls: UpstreamTls | undefined): RouteParts {
  if (tls === undefined || parts.transport.tls !== undefined) return parts;
  return { ...parts, transport: { ...parts.transport, tls } };
}

/** An Ingress without rules gives the catch-all its annotations, but neither redirects nor rewrites (controller.go). */
function isCatchAllOwner({ owner, rule }: LocationDraft): boolean {
  return owner !== undefined && rule === undefined && owner.ingress.spec.rules.length === 0;
}

function routeParts(
  draft: LocationDraft,
  path: string,
  { patterns, ownerless }: Pick<SharedParts, "patterns" | "ownerless">,
): RouteParts {
  const { owner } = draft;
  if (owner === undefined) return ownerless;
  const { settings } = owner;
  const { transport } = settings;
  if (isCatchAllOwner(draft))
    return { settings: { ...settings.route, redirect: undefined, sslRedirect: "never" }, transport };
  const target = settings.rewriteTarget;
  if (target === undefined || !rewrites(settings, path)) return { settings: settings.route, transport };
  const rewrite: Rewrite = { pattern: patternOf(path, "anywhere", patterns), target };
  return { settings: { ...settings.route, rewrite }, transport };
}

function cached(source: string, anchor: Anchor, patterns: PatternCache): ReturnType<typeof compilePattern> {
  const key = `${anchor} ${source}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  const compiled = compilePattern(source, anchor);
  patterns.set(key, compiled);
  return compiled;
}

function isRefused(path: string, patterns: PatternCache): boolean {
  return cached(path, "start", patterns).kind === "refused";
}

function patternOf(path: string, anchor: Anchor, patterns: PatternCache): Pattern {
  const compiled = cached(path, anchor, patterns);
  if (compiled.kind === "compiled") return compiled.pattern;
  throw new Error(`the pattern ${path} was refused before: ${compiled.why}`);
}

function badPattern(draft: LocationDraft, patterns: PatternCache): Problem {
  const compiled = cached(draft.path, "start", patterns);
  const { why, by } = compiled.kind === "refused" ? compiled : { why: "", by: "PCRE" };
  const words = by === "PCRE" ? pcreRefusal(why, `^${draft.path}`) : undefined;
  const what = `the path "${draft.path}" is a regular expression that is not served: ${why}`;
  return patternProblem(draft, {
    code: "bad-pattern",
    level: "error",
    lost: "route",
    message: words === undefined ? what : `${what}: ${stopInWords(words)}`,
    fix: "Correct the expression, or write it without what is named here.",
    ...(words === undefined ? {} : { stops: words }),
  });
}

function slowPattern(draft: LocationDraft, patterns: PatternCache): readonly Problem[] {
  const compiled = cached(draft.path, "start", patterns);
  if (compiled.kind === "refused" || !compiled.catastrophic) return [];
  return [
    patternProblem(draft, {
      code: "slow-pattern",
      level: "warning",
      message: `the path "${draft.path}" repeats what itself repeats or chooses: some requests take it very long, and are answered 500`,
      fix: "Write it without a repeated group inside a repetition, as [a-z]+ instead of ([a-z]+)+.",
    }),
  ];
}

function patternProblem(
  draft: LocationDraft,
  problem: Pick<Problem, "level" | "message" | "fix"> & {
    readonly code: "bad-pattern" | "slow-pattern";
    readonly stops?: string;
    readonly lost?: "route";
  },
): Problem {
  const { owner, rule } = draft;
  if (owner === undefined || rule === undefined)
    throw new Error("only an Ingress's own path can be a bad pattern");
  return problemOf(owner.ingress, { ...problem, field: `${rule.path.field}.path` });
}
