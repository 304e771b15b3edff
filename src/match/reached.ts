import type { Backend, Route, RouteTable } from "../model/route.ts";
import type { VariableText } from "../model/variable-text.ts";
import { serviceNamed } from "../request/service-name.ts";
import { virtualHosts } from "../select/table.ts";
import { guardsAmong } from "../step/guard.ts";
import type { Step } from "../step/step.ts";

/** The Service ports that requests of a table may be sent to. */
export interface Reached {
  readonly backends: readonly Backend[];
  /** A URL has a variable in its host: whom it names is known request by request alone. */
  readonly others: "possible" | "none";
}

/**
 * Every Service port that a table leads to: of paths, their canaries, error pages, authentication services, mirrors and
 * streams.
 */
export function reached(table: RouteTable): Reached {
  const found = [...routesOf(table)].flatMap((route) => [...ofRoute(route)]);
  const backends = [...found.filter((one) => one !== "unknown"), ...table.streams.map((one) => one.backend)];
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

/** The authentication services of a route. */
export function* authServices(steps: readonly Step[]): Iterable<Backend | "unknown"> {
  for (const guard of guardsAmong(steps))
    if (guard.kind === "external-auth") yield* ofUrl(guard.settings.url);
}

/** Where a route sends copies of its requests. */
export function* mirrorTargets(steps: readonly Step[]): Iterable<Backend | "unknown"> {
  for (const step of steps) if (step.kind === "mirror") yield* ofUrl(step.target);
}

/** The Service whose DNS name a URL of an annotation has; none for any other host. A variable behind the name begins the path. */
function* ofUrl({ source }: VariableText): Iterable<Backend | "unknown"> {
  const [, scheme = "", host = "", port] =
    /^(https?):\/\/([^/?#:$]*)(?::(\d{1,5})(?!\d))?/i.exec(source) ?? [];
  const usual = scheme.toLowerCase() === "https" ? 443 : 80;
  const named = serviceNamed(host, Number(port ?? usual));
  if (named !== undefined) yield named;
  else if (/^[^/]*\/\/[^/?#]*\$/.test(source)) yield "unknown";
}
