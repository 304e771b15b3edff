import { append } from "../../append.ts";
import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import { DEFAULT_ENTRY } from "../../plane/traefik/entry-options.ts";
import { traefikPlane } from "../../plane/traefik.ts";
import { eachInSteps, type Steps } from "../../steps.ts";
import type { CompiledByController, CompileWorld, OwnRoute } from "../controller.ts";
import type { Revision } from "../memory.ts";
import { NginxAnnotations } from "./annotations.ts";
import { canariesOf } from "./canaries.ts";
import { contextOf } from "./context.ts";
import { TRAEFIK_NGINX } from "./facts.ts";
import type { Location } from "./location.ts";
import { locationsOf } from "./locations.ts";
import { passedThrough } from "./passthrough.ts";
import { ambiguities } from "./problems/ambiguity.ts";
import { leftOut, unservable } from "./problems/left-out.ts";
import { lostProblems } from "./problems/lost-problems.ts";
import { aliasProblems, canaryProblems } from "./problems/name-clashes.ts";
import { nameProblems } from "./problems/name-problems.ts";
import { surprises } from "./problems/surprises.ts";
import { type LostRouter, type NginxRouter, nginxRoutersOf } from "./routers.ts";
import { selectionOf } from "./selection.ts";
import { sharedNamesOf } from "./shared-names.ts";
import { secretHostsOf } from "./tls/hosts.ts";
import { tlsOfNames } from "./tls/options.ts";

const PLANE = traefikPlane({ http: DEFAULT_ENTRY, https: DEFAULT_ENTRY });
const OPTIONS: ControllerOptions = { ...DEFAULT_CONTROLLER_OPTIONS, hsts: undefined, noTlsRedirect: [] };

/** How many routers are made in a step. */
const AT_ONCE = 50;

/**
 * Traefik's provider for Ingresses of ingress-nginx: each path becomes a rule over all hosts, and the longest rule text wins.
 * Source: pkg/provider/kubernetes/ingress-nginx of Traefik 3.7.9, where it and its answers agree.
 */
export function* compileTraefikNginx(
  ingresses: readonly Ingress[],
  _: Revision,
  world: CompileWorld,
): Steps<CompiledByController> {
  const context = contextOf(world);
  const problems: Problem[] = [];
  const mains: NginxAnnotations[] = [];
  const canaries: NginxAnnotations[] = [];
  for (const ingress of ingresses) {
    const annotations = new NginxAnnotations(ingress);
    const problem = leftOut(annotations);
    if (problem !== undefined) problems.push(problem);
    else (annotations.boolean("canary") === true ? canaries : mains).push(annotations);
    yield;
  }
  const shared = sharedNamesOf(mains);
  const { byPort, unused } = canariesOf(mains, canaries, context.services);
  append(problems, yield* nameProblems([...mains, ...canaries]));
  yield* eachInSteps(mains, (annotations) => append(problems, surprises(annotations)));
  append(problems, canaryProblems(unused));
  append(problems, aliasProblems(mains, shared));
  const locations: Location[] = [];
  const routers: NginxRouter[] = [];
  const lost: LostRouter[] = [];
  const passed: OwnRoute[] = [];
  for (const annotations of mains) {
    const problem = unservable(annotations, context);
    if (problem !== undefined) problems.push(problem);
    else if (annotations.boolean("ssl-passthrough") === true) {
      for (const route of passedThrough(annotations).values())
        passed.push({ ingress: annotations.ingress, route });
    } else
      for (const location of locationsOf(annotations, shared, byPort)) {
        const made = nginxRoutersOf(location, shared, context);
        if (made.isLeftOut !== true) locations.push(location);
        append(routers, made.routers);
        append(lost, made.lost);
        if (locations.length % AT_ONCE === 0) yield;
      }
    yield;
  }
  append(problems, yield* ambiguities(routers));
  const tls = yield* tlsOfNames(locations, passed, context);
  const selection = yield* selectionOf(locations, routers, tls);
  append(problems, yield* lostProblems(lost, selection.host));
  const table: CompiledByController["table"] = {
    controller: TRAEFIK_NGINX.name,
    plane: PLANE,
    options: OPTIONS,
    streams: [],
    entryPoints: [
      { name: "web", scheme: "http", port: 80, selection },
      { name: "websecure", scheme: "https", port: 443, selection },
    ],
    tlsHosts: secretHostsOf(ingresses, context),
    tlsNames: new Set(),
  };
  const routes = routers.map(({ location, route }) => ({ ingress: location.annotations.ingress, route }));
  return { table, routes: [...routes, ...passed], problems };
}
