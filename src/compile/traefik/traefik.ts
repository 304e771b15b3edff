import { append } from "../../append.ts";
import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { EntryPoint, VirtualHost } from "../../model/route/selection.ts";
import {
  areEqualOptions,
  DEFAULT_ENTRY,
  type EntryOptionsByScheme,
} from "../../plane/traefik/entry-options.ts";
import { traefikPlane } from "../../plane/traefik.ts";
import { eachInSteps, type Steps } from "../../steps.ts";
import type { CompiledByController, CompileWorld, OwnRoute } from "../controller.ts";
import type { Revision } from "../memory.ts";
import { drawnRouters } from "./draws.ts";
import { API_ENTRY, TRAEFIK } from "./facts.ts";
import type { TraefikEntry } from "./flags.ts";
import { type Loss, lossProblem } from "./losses.ts";
import { Lost } from "./lost.ts";
import { traefikNotHonoured } from "./not-honoured.ts";
import { traefikObjects } from "./objects.ts";
import { type BuiltRouter, built } from "./routers/built.ts";
import { isOfClass } from "./routers/ingress-route-routers.ts";
import { redirectionRouters } from "./routers/redirections.ts";
import { unknownEntryPoints } from "./routers/unknown-entry-points.ts";
import { routersOf } from "./routers.ts";
import { olderTemplates } from "./rule/older-templates.ts";
import { entryPointsOf } from "./selections.ts";
import { tlsOfEntry, tlsOptionProblems } from "./tls/by-name.ts";
import { traefikTlsHosts } from "./tls/hosts.ts";
import { defaultTlsOption } from "./tls/options.ts";
import { defaultCertificateIn } from "./tls/store.ts";

const OPTIONS: ControllerOptions = { ...DEFAULT_CONTROLLER_OPTIONS, hsts: undefined };
const NO_NAMES: ReadonlySet<string> = new Set();

/** How many routers are built in a step. */
const AT_ONCE = 100;

/** Ingresses and IngressRoutes as Traefik 3.7.9 reads them. */
export function* compileTraefik(
  ingresses: readonly Ingress[],
  _: Revision,
  world: CompileWorld,
): Steps<CompiledByController> {
  const objects = traefikObjects(ingresses, world);
  const { entries } = objects.flags;
  const defaults = defaultsAmong(entries);
  const written = yield* routersOf(objects);
  const problems: Problem[] = [...written.problems];
  const losses: Loss[] = [...written.losses];
  const served: BuiltRouter[] = [...redirectionRouters(entries)];
  for (const [at, router] of written.routers.entries()) {
    const made = built(router, defaults, objects);
    if (!(made instanceof Lost)) served.push(made);
    else if (router.owner !== undefined) losses.push(lossOf(router, made));
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  append(problems, unknownEntryPoints(written.routers, new Set(entries.map(({ name }) => name))));
  const tlsHosts = traefikTlsHosts(objects);
  const tlsAt = (entry: TraefikEntry) =>
    [...written.routers, ...written.lostLater].filter(
      ({ tls, entryPoints }) =>
        (tls !== undefined || entry.tls) &&
        (entryPoints.length === 0 ? defaults : entryPoints).includes(entry.name),
    );
  const points = yield* entryPointsOf(
    served,
    (entry) => tlsOfEntry(entry, tlsAt(entry), tlsHosts, objects),
    objects,
  );
  const ofTls = entries.flatMap((entry) => tlsOptionProblems(entry, tlsAt(entry), tlsHosts, objects));
  append(problems, [...new Map(ofTls.map((problem) => [problem.message, problem])).values()]);
  yield* eachInSteps(losses, (loss) => {
    problems.push(lossProblem(loss, hostsOf(points.filter(wouldBeAt(loss, entries, defaults)))));
  });
  append(problems, yield* drawnRouters(hostsOf(points)));
  append(problems, traefikNotHonoured(objects));
  for (const route of objects.all("IngressRoute"))
    if (isOfClass(route, objects)) append(problems, olderTemplates(route, objects.flags.syntax));
  const routes: OwnRoute[] = [];
  for (const { route, router } of served)
    if (router.owner !== undefined) routes.push({ ingress: router.owner, route });
  const usual = optionsByScheme(entries);
  const table: CompiledByController["table"] = {
    controller: TRAEFIK.name,
    plane: traefikPlane(usual),
    options: { ...OPTIONS, tls: defaultTlsOption(objects)?.terms },
    streams: [],
    entryPoints: atLeastOne(points.map((point) => withOwnPlane(point, entries, usual))),
    tlsHosts,
    defaultCertificate: defaultCertificateIn(objects),
    tlsNames: NO_NAMES,
  };
  return { table, routes, problems };
}

/** Entry points often have the same routers, and then one list of them. */
function hostsOf(points: readonly EntryPoint[]): readonly VirtualHost[] {
  return [...new Set(points.flatMap(({ selection }) => (selection.kind === "list" ? [selection.host] : [])))];
}

/** True for entry points that a lost router would be at, with their scheme. */
function wouldBeAt(
  { entryPoints = [], hasTls = false }: Loss,
  entries: readonly TraefikEntry[],
  defaults: readonly string[],
): (point: EntryPoint) => boolean {
  const wanted = new Set(entryPoints.length === 0 ? defaults : entryPoints);
  const ofTls = new Set(entries.filter(({ tls }) => hasTls || tls).map(({ name }) => name));
  return ({ name, scheme }) => wanted.has(name) && ofTls.has(name) === (scheme === "https");
}

function lossOf(router: BuiltRouter["router"], lost: Lost): Loss {
  const { owner, at, host, match, middlewares, rule, entryPoints, tls } = router;
  if (owner === undefined) throw new Error("only routers of objects are lost");
  const field = typeof at === "string" ? at : at.field;
  const what =
    typeof at === "string" ? `the route ${rule}` : `path "${at.path}"${host === "" ? "" : ` (host ${host})`}`;
  const where = { entryPoints, hasTls: tls !== undefined };
  return { owner, field, lost, what, match, ...where, isGuarded: middlewares.length > 0 };
}

/** Routers without entry points are on those with `asDefault`, else on all. */
function defaultsAmong(entries: readonly TraefikEntry[]): readonly string[] {
  const chosen = entries.filter(({ asDefault }) => asDefault);
  const all = chosen.length > 0 ? chosen : entries.filter(({ name }) => name !== API_ENTRY);
  return all.map(({ name }) => name);
}

/** Of the first entry point for http, and of the first with TLS. */
function optionsByScheme(entries: readonly TraefikEntry[]): EntryOptionsByScheme {
  const http = entries.find(({ tls }) => !tls)?.options ?? DEFAULT_ENTRY;
  return { http, https: entries.find(({ tls }) => tls)?.options ?? http };
}

/** An entry point whose options are not those of the table reads requests by its own. */
function withOwnPlane(
  point: EntryPoint,
  entries: readonly TraefikEntry[],
  usual: EntryOptionsByScheme,
): EntryPoint {
  const own = entries.find(({ name }) => name === point.name)?.options ?? DEFAULT_ENTRY;
  return areEqualOptions(own, usual[point.scheme])
    ? point
    : { ...point, plane: traefikPlane({ http: own, https: own }) };
}

function atLeastOne(points: readonly EntryPoint[]): CompiledByController["table"]["entryPoints"] {
  const [first, ...others] = points;
  if (first === undefined) throw new Error("Traefik has entry points");
  return [first, ...others];
}
