import type { VariableText } from "../model/route/variable-text.ts";
import type { Backend, Route, RouteTable } from "../model/route.ts";
import { serviceNamed } from "../request/service-name.ts";
import { virtualHosts } from "../select/table.ts";
import { guardsAmong } from "../step/guard.ts";
import type { Step } from "../step/step.ts";

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
export function reached(table: RouteTable): Reached {
  const found = [...routesOf(table)].flatMap((route) => [...ofRoute(route)]);
  const known = found.filter((backend) => backend !== "unknown");
  const backends = [...known, ...table.streams.map(({ backend }) => backend)];
  return { backends, others: found.includes("unknown") ? "possible" : "none" };
}

function routesOf(table: RouteTable): ReadonlySet<Route> {
  const entries = [...virtualHosts(table).keys()].flatMap((host) => [...host.entries, host.miss]);
  const routes = entries.flatMap(({ route, locally }) =>
    locally === undefined ? [route] : [route, locally.route],
  );
  return new Set([...table.routes, ...routes]);
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

export function* authServices(steps: readonly Step[]): Iterable<Backend | "unknown"> {
  for (const guard of guardsAmong(steps))
    if (guard.kind === "external-auth") yield* ofUrl(guard.settings.url);
}

export function* mirrorTargets(steps: readonly Step[]): Iterable<Backend | "unknown"> {
  for (const step of steps) if (step.kind === "mirror") yield* ofUrl(step.target);
}

/** The Service whose DNS name a URL contains. A variable after the name starts the path. */
function* ofUrl({ source }: VariableText): Iterable<Backend | "unknown"> {
  const [, scheme = "", host = "", port] =
    /^(https?):\/\/([^/?#:$]*)(?::(\d{1,5})(?!\d))?/i.exec(source) ?? [];
  const usual = scheme.toLowerCase() === "https" ? 443 : 80;
  const named = serviceNamed(host, Number(port ?? usual));
  if (named !== undefined) yield named;
  else if (/^[^/]*\/\/[^/?#]*\$/.test(source)) yield "unknown";
}
