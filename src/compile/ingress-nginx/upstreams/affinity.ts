import { createHash } from "node:crypto";
import { type Place, reason } from "../../../model/reason.ts";
import type { Affinity } from "../../../model/route/balancing.ts";
import type { CookieSettings } from "../annotations/session-affinity.ts";
import type { ServerDraft, SettledIngress } from "../servers.ts";
import { type UpstreamDraft, type UpstreamDrafts, upstreamOf } from "./upstream-drafts.ts";

interface Sessions {
  mode: Affinity["mode"] | undefined;
  cookie: CookieSettings | undefined;
  annotation: string;
  at: Place | undefined;
  readonly locations: Map<string, string[]>;
}

/**
 * Adds `affinity` to upstreams. The oldest Ingress with a mode decides the mode, the newest with a cookie the
 * cookie; it is set at the paths of those that have one.
 *
 * Source: ingress-nginx controller.go, getBackendServers.
 */
export function layAffinity(
  ingresses: readonly SettledIngress[],
  servers: ReadonlyMap<string, ServerDraft>,
  drafts: UpstreamDrafts,
): void {
  const found = new Map<UpstreamDraft, Sessions>();
  for (const owner of ingresses) {
    const { affinity } = owner.settings.balancing;
    if (affinity === undefined) continue;
    for (const { host, paths = [] } of owner.ingress.spec.rules) {
      for (const { path, backend } of paths) {
        const draft = upstreamOf(drafts, owner, backend);
        if (draft === undefined || draft.noServer) continue;
        const sessions = found.get(draft) ?? newSessions();
        found.set(draft, sessions);
        sessions.mode ??= affinity.mode;
        if (affinity.cookie === undefined) continue;
        sessions.cookie = affinity.cookie;
        sessions.annotation = affinity.annotation;
        sessions.at = affinity.at;
        const names = [host === "" ? "_" : host, ...(servers.get(host)?.aliases ?? [])];
        for (const name of names) addTo(sessions.locations, name, path === "" ? "/" : path);
      }
    }
  }
  for (const [draft, sessions] of found) settle(draft, sessions);
}

function newSessions(): Sessions {
  return { mode: undefined, cookie: undefined, annotation: "", at: undefined, locations: new Map() };
}

function addTo(locations: Map<string, string[]>, name: string, path: string): void {
  const paths = locations.get(name);
  if (paths === undefined) locations.set(name, [path]);
  else paths.push(path);
}

function settle(
  draft: UpstreamDraft,
  { mode = "balanced", cookie, annotation, at, locations }: Sessions,
): void {
  if (cookie === undefined) return;
  draft.affinity = { ...cookie, mode, locations, backendKey: backendKey(draft.name) };
  draft.why = [...draft.why, reason("affinity", affinityInWords(annotation, cookie.cookie, mode), at)];
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
