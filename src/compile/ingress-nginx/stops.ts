import type { Problem } from "../../model/problem.ts";
import type { Steps } from "../../steps.ts";
import { PREFIX } from "../nginx-annotations/prefix.ts";
import { ingressName, problemOf } from "../problem.ts";
import type { AskAtLength } from "../query.ts";
import { serverSettings } from "./servers/server-settings.ts";
import { type LocationDraft, SERVER } from "./servers.ts";
import type { SettledIngress } from "./settling.ts";
import { type Stop, stopInWords } from "./stop-words.ts";
import { IS_SERVER } from "./survey.ts";

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
export function* stoppingAmong(settled: readonly SettledIngress[], ask: AskAtLength): Steps<Stopping> {
  const stopping = settled.filter(({ settings }) => settings.stops.length > 0);
  const written = new Map<SettledIngress, LocationDraft[]>();
  const named = new Set<SettledIngress>();
  const hosts = new Set(stopping.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => host)));
  for (const host of stopping.length === 0 ? [] : new Set(["", ...hosts])) {
    if (!ask.for(IS_SERVER, host)) continue;
    const server = yield* ask.inSteps(SERVER, host);
    for (const owner of server.ingresses) named.add(owner);
    if (serverSettings(server).forbidden !== undefined) continue;
    for (const draft of server.locations) {
      if (draft.owner === undefined) continue;
      const drafts = written.get(draft.owner) ?? [];
      drafts.push(draft);
      written.set(draft.owner, drafts);
    }
    yield;
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
  const { words: stops } = stop;
  const { field, message, fix } = about(owner, stop, stopInWords(stops));
  const code = "controller-stops";
  return problemOf(owner.ingress, { code, level: "error", field, message, fix, stops, lost: "ingress" });
}

function withoutEffect(owner: SettledIngress, stop: Stop): Problem {
  const effect = `it has no effect now, since nothing is served with it; nginx would refuse the configuration (${stop.words})`;
  return problemOf(owner.ingress, {
    ...about(owner, stop, effect),
    ...{ code: "annotation-surprising", level: "warning" },
  });
}

function about(
  { ingress }: SettledIngress,
  { annotation, what, fix }: Stop,
  effect: string,
): { readonly field: string; readonly message: string; readonly fix: string } {
  const name = PREFIX + annotation;
  const message = `Ingress ${ingressName(ingress)}: ${name}: ${what}: ${effect}`;
  return { field: `metadata.annotations[${name}]`, message, fix };
}
