import type { StreamRoute } from "../model/route/stream.ts";
import type { VariableText } from "../model/route/variable-text.ts";
import type { Backend, Route, RouteTable } from "../model/route.ts";
import { oncePer } from "../once-per.ts";
import { serviceNamed } from "../request/service-name.ts";
import { hostsIn } from "../select/table.ts";
import { guardsAmong } from "../step/guard.ts";
import type { Step } from "../step/step.ts";
import type { Steps } from "../steps.ts";

/** Service ports that may receive requests of a table. */
export interface Reached {
  readonly backends: readonly Backend[];
  /** A URL has a variable host, known only per request. */
  readonly others: "possible" | "none";
}

/**
 * Every Service port of a table: of paths, canaries, error pages, authentication services, mirrors and
 * streams.
 */
export function* reached(table: RouteTable): Steps<Reached> {
  const found = new Set<Backend | "unknown">();
  for (const route of table.routes) {
    for (const backend of ofRoute(route)) found.add(backend);
    yield;
  }
  for (const host of hostsIn(table)) {
    for (const { route, locally } of [...host.entries, host.miss])
      for (const each of locally === undefined ? [route] : [route, locally.route])
        for (const backend of ofRoute(each)) found.add(backend);
    yield;
  }
  const known = [...found].filter((backend) => backend !== "unknown");
  const backends = [...known, ...table.streams.flatMap(backendsOfStream)];
  return { backends, others: found.has("unknown") ? "possible" : "none" };
}

function backendsOfStream({ backend, shares }: StreamRoute): readonly Backend[] {
  return shares !== undefined ? shares.map((share) => share.backend) : backend === undefined ? [] : [backend];
}

function* ofRoute({ action, steps }: Route): Iterable<Backend | "unknown"> {
  if (action.kind === "forward") {
    for (const { backend } of action.shares) yield backend;
    if (action.standIn?.kind === "backend") yield action.standIn.backend;
  }
  yield* authServices(steps);
  yield* mirrorTargets(steps);
  for (const step of steps) {
    if (step.kind !== "error-pages") continue;
    if (step.defaultBackend !== undefined) yield step.defaultBackend;
    if (step.own.backend !== undefined) yield step.own.backend;
  }
}

type NamedBackends = readonly (Backend | "unknown")[];

/** By list: most routes share one. */
export const authServices = oncePer(
  (steps: readonly Step[]): NamedBackends =>
    [...guardsAmong(steps)].flatMap((guard) =>
      guard.kind === "external-auth" ? ofUrl(guard.settings.url) : [],
    ),
);

export const mirrorTargets = oncePer(
  (steps: readonly Step[]): NamedBackends =>
    steps.flatMap((step) => (step.kind === "mirror" ? ofUrl(step.target) : [])),
);

/** The Service whose DNS name a URL contains. A variable after the name starts the path. */
function ofUrl({ source }: VariableText): NamedBackends {
  const [, scheme = "", host = "", port] =
    /^(https?):\/\/([^/?#:$]*)(?::(\d{1,5})(?!\d))?/i.exec(source) ?? [];
  const usual = scheme.toLowerCase() === "https" ? 443 : 80;
  const named = serviceNamed(host, Number(port ?? usual));
  if (named !== undefined) return [named];
  return /^[^/]*\/\/[^/?#]*\$/.test(source) ? ["unknown"] : [];
}
