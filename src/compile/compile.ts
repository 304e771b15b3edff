import type { ObjectStatus } from "../model/object-status.ts";
import type { Problem } from "../model/problem.ts";
import type { RouteTable } from "../model/route.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { atOnce, type Steps } from "../steps.ts";
import { servedIngresses } from "./class.ts";
import { givenFlags } from "./command-line/given.ts";
import { withFlags } from "./command-line/options.ts";
import { compileContour } from "./contour/contour.ts";
import type { CompileIngresses } from "./controller.ts";
import { type ControllerName, controllerNamed } from "./controllers.ts";
import { withoutFaulty } from "./faulty.ts";
import { compileGatewayApi } from "./gateway-api/gateway-api.ts";
import { compileIngressNginx } from "./ingress-nginx/ingress-nginx.ts";
import { compileKubernetes } from "./kubernetes/kubernetes.ts";
import { createMemory, type Memory } from "./memory.ts";
import type { CompileOptions } from "./options.ts";
import { inOrderOfAge } from "./order.ts";
import { serviceProblems } from "./services/services.ts";
import { compileTraefik } from "./traefik/traefik.ts";
import { compileTraefikNginx } from "./traefik-nginx/traefik-nginx.ts";
import { lostIngresses, unservedHosts } from "./unserved.ts";
import { worldOf } from "./world.ts";

export type { CompileOptions } from "./options.ts";

const CODE: { readonly [Name in ControllerName]: CompileIngresses } = {
  "ingress-nginx": compileIngressNginx,
  kubernetes: compileKubernetes,
  "traefik-nginx": compileTraefikNginx,
  contour: compileContour,
  "gateway-api": compileGatewayApi,
  traefik: compileTraefik,
};

/** A table, and every refusal, ignored setting and shadowed path on the way to it. */
export interface Compiled {
  readonly table: RouteTable;
  readonly problems: readonly Problem[];
  /**
   * Problems that stop the controller. It keeps its configuration and follows no change until all of them are
   * gone. The table is what it would serve without them.
   */
  readonly stops: readonly Problem[];
  /** Problems that leave Ingresses, routes or guards out of the table. */
  readonly lost: readonly Problem[];
  readonly statuses: readonly ObjectStatus[];
}

/**
 * A controller's reading of a snapshot. Pure: equal snapshots and options give equal tables.
 *
 * A bad Ingress never affects another. `problems` lists everything that is left out.
 */
export function compile(snapshot: Snapshot, options: CompileOptions): Compiled {
  return atOnce(compileInSteps(snapshot, options, createMemory()));
}

/**
 * The same in short steps, with what `memory` knows of earlier snapshots: unchanged hosts keep their `VirtualHost`. The
 * result does not depend on the memory. Steps may be given up at any point.
 */
export function* compileInSteps(snapshot: Snapshot, asked: CompileOptions, memory: Memory): Steps<Compiled> {
  const given = givenFlags(snapshot, controllerNamed(asked.controller), asked);
  const options = withFlags(asked, controllerNamed(asked.controller), given);
  const first = memory.revise(worldOf(snapshot, options));
  const chosen = yield* servedIngresses(snapshot, options, first);
  const ingresses = yield* inOrderOfAge(chosen.served);
  const code = CODE[options.controller];
  const world = { snapshot, options, flags: given.flags };
  const { compiled, problems: faults } = yield* withoutFaulty(ingresses, (some) =>
    code(some, some === ingresses ? first.latest() : first.again(), world),
  );
  const lost = compiled.problems.filter((problem) => problem.lost !== undefined);
  const revision = first.latest();
  const left = [...chosen.ignored, ...lostIngresses(ingresses, lost)];
  const unserved = yield* unservedHosts(left, revision);
  const { routes } = compiled;
  const users = {
    ingresses,
    routes,
    streams: compiled.table.streams.filter(({ listener }) => listener === undefined),
  };
  const { completeness = "partial" } = options;
  const services = yield* serviceProblems(users, snapshot, completeness, revision);
  const problems = [...given.problems, ...chosen.problems, ...faults, ...compiled.problems, ...services];
  const stops = problems.filter((problem) => problem.stops !== undefined);
  yield* memory.forget(first);
  const table = { ...compiled.table, unserved, routes: routes.map(({ route }) => route) };
  return { table, problems, stops, lost, statuses: compiled.statuses ?? [] };
}
