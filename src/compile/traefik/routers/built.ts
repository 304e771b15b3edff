import type { Transport } from "../../../model/route/transport.ts";
import type { Step } from "../../../step/step.ts";
import { PROVIDERS } from "../facts.ts";
import { Lost } from "../lost.ts";
import { chainOf } from "../middlewares.ts";
import type { TraefikObjects } from "../objects.ts";
import { endOf } from "../services/target.ts";
import { priorityOf, type Router } from "./router.ts";
import { RouterRoute } from "./router-route.ts";

/** A router that is served. */
export interface BuiltRouter {
  readonly router: Router;
  readonly route: RouterRoute;
  /** Names of entry points. */
  readonly entryPoints: readonly string[];
  /** Names of middlewares that keep requests out. */
  readonly guards: readonly string[];
}

/** 2^63 - 1001: higher numbers are Traefik's own. */
const HIGHEST = 9_223_372_036_854_774_807n;

/** Builds the chain of a router; whatever of it cannot be built loses the router (pkg/server/router). */
export function built(
  router: Router,
  defaults: readonly string[],
  objects: TraefikObjects,
): BuiltRouter | Lost {
  if (priorityOf(router) > HIGHEST)
    return new Lost(`priority ${router.priority} is above ${HIGHEST}`, "Write a lower priority.");
  const known = new Set(objects.flags.entries.map(({ name }) => name));
  const wanted = router.entryPoints.length === 0 ? defaults : router.entryPoints;
  const entryPoints = wanted.filter((name) => known.has(name));
  if (entryPoints.length === 0)
    return new Lost(
      `there is no entry point ${wanted.join(", ")} (there are ${[...known].join(", ")})`,
      "Name an entry point that Traefik has.",
    );
  const chain = chainOf(router.middlewares, PROVIDERS[router.provider], objects, router.name);
  if (chain instanceof Lost) return chain;
  const { action, steps, transport } = endOf(router.target);
  const parts = {
    steps: joined(chain.steps, steps),
    action,
    transport: withChanges(transport, chain.transport),
  };
  return { router, route: new RouterRoute(router, parts), entryPoints, guards: chain.guards };
}

/** The same with steps before its own. */
export function withStepsBefore({ router, route }: BuiltRouter, steps: readonly Step[]): RouterRoute {
  return new RouterRoute(router, {
    ...route,
    steps: joined(steps, route.steps),
    action: route.action,
    transport: route.transport,
  });
}

function withChanges(transport: Transport, changes: Partial<Transport>): Transport {
  return Object.keys(changes).length === 0 ? transport : { ...transport, ...changes };
}

const NO_STEPS: readonly Step[] = [];

function joined(first: readonly Step[], next: readonly Step[]): readonly Step[] {
  if (first.length === 0) return next.length === 0 ? NO_STEPS : next;
  return next.length === 0 ? first : [...first, ...next];
}
