import { createHash } from "node:crypto";
import { type Place, reason } from "../../../model/reason.ts";
import type { Affinity } from "../../../model/route/balancing.ts";
import type { Steps } from "../../../steps.ts";
import { type AskAtLength, longQuery } from "../../query.ts";
import type { CookieSettings } from "../annotations/session-affinity.ts";
import { SERVER } from "../servers.ts";
import type { SettledIngress } from "../settling.ts";
import { canaryNamer, HAS_AFFINITY, IS_SERVER, STICKY } from "../survey.ts";
import { namedPort } from "./port.ts";
import type { UpstreamState } from "./upstream.ts";

interface Sessions {
  mode: Affinity["mode"] | undefined;
  cookie: CookieSettings | undefined;
  annotation: string;
  at: Place | undefined;
  readonly locations: Map<string, string[]>;
}

type SessionState = Pick<UpstreamState, "affinity" | "why">;

const NONE: SessionState = { affinity: undefined, why: [] };

const SESSIONS = longQuery<string, SessionState>("affinity", function* (upstream, ask) {
  const owners = ask.for(STICKY, upstream);
  if (owners === undefined || canaryNamer(upstream, ask) !== undefined) return NONE;
  const sessions: Sessions = {
    ...{ mode: undefined, cookie: undefined, annotation: "", at: undefined, locations: new Map() },
  };
  for (const owner of owners) yield* addPaths(sessions, owner, upstream, ask);
  const { mode = "balanced", cookie, annotation, at, locations } = sessions;
  if (cookie === undefined) return NONE;
  return {
    affinity: { ...cookie, mode, locations, backendKey: backendKey(upstream) },
    why: [reason("affinity", affinityInWords(annotation, cookie.cookie, mode), at)],
  };
});

/**
 * The `affinity` of an upstream, by its name. The oldest Ingress with a mode decides the mode, the newest with a cookie
 * the cookie; it is set at the paths of those that have one.
 *
 * Source: ingress-nginx controller.go, getBackendServers.
 */
export function* sessionsOf(upstream: string, ask: AskAtLength): Steps<SessionState> {
  return ask.for(HAS_AFFINITY) ? yield* ask.inSteps(SESSIONS, upstream) : NONE;
}

function* addPaths(
  sessions: Sessions,
  { ingress, settings }: SettledIngress,
  upstream: string,
  ask: AskAtLength,
): Steps<void> {
  const { affinity } = settings.balancing;
  if (affinity === undefined) return;
  sessions.mode ??= affinity.mode;
  if (affinity.cookie === undefined) return;
  sessions.cookie = affinity.cookie;
  sessions.annotation = affinity.annotation;
  sessions.at = affinity.at;
  for (const { host, paths = [] } of ingress.spec.rules) {
    const own = paths.filter(({ backend }) => namedPort(ingress, backend, ask)?.upstream === upstream);
    if (own.length === 0) continue;
    const aliases = ask.for(IS_SERVER, host) ? (yield* ask.inSteps(SERVER, host)).aliases : [];
    for (const name of [host === "" ? "_" : host, ...aliases])
      for (const { path } of own) addTo(sessions.locations, name, path === "" ? "/" : path);
    yield;
  }
}

function addTo(locations: Map<string, string[]>, name: string, path: string): void {
  const paths = locations.get(name);
  if (paths === undefined) locations.set(name, [path]);
  else paths.push(path);
}

function affinityInWords(annotation: string, cookie: string, mode: Affinity["mode"]): string {
  return `${annotation} keeps a session at one endpoint by the cookie ${cookie} (${mode})`;
}

/** A cookie's suffix that identifies its upstream (sticky.lua, sync). */
export function backendKey(upstream: string): string {
  return md5(md5(upstream) + upstream);
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
