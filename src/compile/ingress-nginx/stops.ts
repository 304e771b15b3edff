import type { Problem } from "../../model/problem.ts";
import { ingressName, problemOf } from "../problem.ts";
import { PREFIX } from "./prefix.ts";
import { serverSettings } from "./servers/server-settings.ts";
import type { LocationDraft, ServerDraft, SettledIngress } from "./servers.ts";

/** An annotation for which nginx refuses its whole configuration, once a location is rendered with it. */
export interface Stop {
  readonly annotation: string;
  /** nginx's words. */
  readonly words: string;
  /** The fault, a clause. */
  readonly what: string;
  readonly fix: string;
}

/**
 * The effect of every stop. Measured on the real controller: it keeps its configuration and follows no other
 * change, not even of other Services' endpoints (controller/nginx.go, OnUpdate).
 */
export function stopInWords(words: string): string {
  return `nginx refuses the configuration (${words}), so no change of any Ingress takes effect until this goes`;
}

/** nginx's words for an unknown variable, with its `$` (ngx_http_script_compile, ngx_http_variables_init_vars). */
export function unknownVariable(variable: string): string {
  return variable === "$" ? "invalid variable name" : `unknown "${variable.slice(1)}" variable`;
}

/** nginx.tmpl renders these at denied locations too: outside of `isLocationAllowed`. */
const WRITTEN_WHEN_DENIED = /^(?:auth-(?:url|cache|request)|mirror-|proxy-ssl-|ssl-|server-alias)/;
/** Rendered per server, not per location. A server closed with 403 has no locations. */
const OF_THE_SERVER: ReadonlySet<string> = new Set(["server-alias"]);
/** Not rendered at the catch-all server's `/` (controller.go, createServers). */
const NOT_OF_THE_CATCH_ALL: ReadonlySet<string> = new Set(["rewrite-target", "app-root"]);

/** The stops of a controller, and the Ingresses that cause them. */
export interface Stopping {
  readonly problems: readonly Problem[];
  readonly owners: ReadonlySet<SettledIngress>;
}

/**
 * The stops of Ingresses whose annotations are rendered at a location. A stop of any other, such as a canary, is
 * a warning: nginx does not get its value.
 */
export function stoppingAmong(
  settled: readonly SettledIngress[],
  servers: ReadonlyMap<string, ServerDraft>,
): Stopping {
  const stopping = settled.filter(({ settings }) => settings.stops.length > 0);
  if (stopping.length === 0) return { problems: [], owners: new Set() };
  const written = new Map<SettledIngress, LocationDraft[]>();
  const named = new Set<SettledIngress>();
  for (const server of servers.values()) {
    for (const owner of server.ingresses) named.add(owner);
    if (serverSettings(server).forbidden !== undefined) continue;
    for (const draft of server.locations) {
      if (draft.owner === undefined) continue;
      const drafts = written.get(draft.owner) ?? [];
      drafts.push(draft);
      written.set(draft.owner, drafts);
    }
  }
  const problems: Problem[] = [];
  const owners = new Set<SettledIngress>();
  for (const owner of stopping)
    for (const stop of owner.settings.stops) {
      const drafts = written.get(owner) ?? [];
      const isGiven = OF_THE_SERVER.has(stop.annotation)
        ? named.has(owner)
        : drafts.some((draft) => isWritten(stop, owner, draft));
      problems.push(isGiven ? stopProblem(owner, stop) : withoutEffect(owner, stop));
      if (isGiven) owners.add(owner);
    }
  return { problems, owners };
}

function isWritten(
  { annotation }: Stop,
  { settings, ingress }: SettledIngress,
  draft: LocationDraft,
): boolean {
  if (settings.location.denied !== undefined && !WRITTEN_WHEN_DENIED.test(annotation)) return false;
  const isCatchAll = draft.rule === undefined && ingress.spec.rules.length === 0;
  return !(isCatchAll && NOT_OF_THE_CATCH_ALL.has(annotation));
}

function stopProblem(owner: SettledIngress, stop: Stop): Problem {
  const { words } = stop;
  const effect = stopInWords(words);
  return { ...about(owner, stop, "controller-stops", effect), level: "error", stops: words, lost: "ingress" };
}

function withoutEffect(owner: SettledIngress, stop: Stop): Problem {
  const effect = `it has no effect now, since nothing is served with it; nginx would refuse the configuration (${stop.words})`;
  return about(owner, stop, "annotation-surprising", effect);
}

function about(
  { ingress }: SettledIngress,
  { annotation, what, fix }: Stop,
  code: "controller-stops" | "annotation-surprising",
  effect: string,
): Problem {
  const name = PREFIX + annotation;
  const message = `Ingress ${ingressName(ingress)}: ${name}: ${what}: ${effect}`;
  return problemOf(ingress, { code, level: "warning", field: `metadata.annotations[${name}]`, message, fix });
}
