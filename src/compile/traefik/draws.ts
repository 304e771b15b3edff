import { append } from "../../append.ts";
import type { Problem } from "../../model/problem.ts";
import type { CustomResource, Ingress } from "../../model/resource.ts";
import type { RouteEntry, VirtualHost } from "../../model/route/selection.ts";
import type { Steps } from "../../steps.ts";
import { problemOf } from "../problem.ts";
import { refOf } from "../shared/reference.ts";
import { findBy, sampleFor } from "../shared/sample-match.ts";
import { priorityOf, type Router } from "./routers/router.ts";
import { RouterRoute } from "./routers/router-route.ts";

const FIX =
  "Let one of the two match more than the other: a longer rule or a priority of its own, or remove one of them.";

function nameOf({ kind, metadata }: Ingress | CustomResource): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function placeOf({ owner, at }: Router): string {
  if (owner === undefined) return "Traefik itself";
  const { file, line } = refOf(owner, at);
  return `${nameOf(owner)}${line > 0 ? ` (${file}:${line})` : ""}`;
}

function fieldOf(at: Router["at"]): string {
  return typeof at === "string" ? at : at.field;
}

/** How many routers are looked at in a step. */
const AT_ONCE = 200;

/** Routers of one priority that match the same request at one of the hosts; each was tried. */
export function* drawnRouters(hosts: readonly VirtualHost[]): Steps<readonly Problem[]> {
  // Most draws are those of several entry points.
  const told = new Set<string>();
  const problems: Problem[] = [];
  for (const host of hosts) append(problems, yield* drawnAt(host, told));
  return problems;
}

function* drawnAt(host: VirtualHost, told: Set<string>): Steps<readonly Problem[]> {
  const times = new Map<number, number>();
  for (const { rank } of host.entries) times.set(rank, (times.get(rank) ?? 0) + 1);
  const tried = new Set<string>();
  const problems: Problem[] = [];
  for (const [at, entry] of host.entries.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    if ((times.get(entry.rank) ?? 0) < 2) continue;
    const router = routerIn(entry);
    if (router === undefined) continue;
    // Equal rules behind equal ones match the same requests: one of them is enough.
    const rules = [...(router.behind ?? []), router].map(({ rule }) => rule).join("\n");
    if (tried.has(rules)) continue;
    tried.add(rules);
    const found = findBy(sampleFor(entry.match), host);
    if (found?.kind !== "one-of") continue;
    const drawn = found.entries.flatMap((each) => routerIn(each) ?? []);
    const key = drawn.map(({ name, provider }) => `${name}@${provider}`).join(" ");
    if (told.has(key)) continue;
    told.add(key);
    const problem = drawnProblem(drawn);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

function routerIn({ route }: RouteEntry): Router | undefined {
  return route instanceof RouterRoute ? route.router : undefined;
}

function drawnProblem(drawn: readonly Router[]): Problem | undefined {
  const [first, ...others] = drawn;
  const last = others.at(-1);
  if (first === undefined || last?.owner === undefined) return undefined;
  if (last.drawnAmong !== undefined && drawn.every(({ at }) => at === first.at))
    return problemOf(last.owner, {
      code: "ambiguous-route",
      level: "warning",
      field: fieldOf(last.at),
      message: `the Services ${last.drawnAmong} have one name in Traefik, so the requests of all their Ingresses go to one of them, which may be another at each reload. Here ${placeOf(first)} keeps its own`,
      fix: "Rename one of the Services.",
    });
  const names = [first, ...others].map(placeOf).join(" and ");
  return problemOf(last.owner, {
    code: "ambiguous-route",
    level: "warning",
    field: fieldOf(last.at),
    message: `${names} match the same requests with priority ${priorityOf(first)}: Traefik draws one of them, and may draw anew at each reload. Here it is always the first`,
    fix: FIX,
  });
}

/** Ingresses whose routers fall together in one name: one of them is not served. */
export function withoutCollisions(routers: readonly Router[]): {
  readonly routers: readonly Router[];
  readonly problems: readonly Problem[];
} {
  const owners = new Map<string, Router>();
  const problems: Problem[] = [];
  const kept = routers.filter((router) => {
    const first = owners.get(router.name);
    if (first === undefined || router.name === DEFAULT) {
      owners.set(router.name, router);
      return true;
    }
    if (first.owner === router.owner) return true;
    if (router.owner !== undefined)
      problems.push(
        problemOf(router.owner, {
          code: "ambiguous-route",
          level: "warning",
          field: fieldOf(router.at),
          message: `the routers of ${placeOf(first)} and ${placeOf(router)} have one name in Traefik, ${router.name}: it serves one of the two, which may be the other at each reload. Here it is the first`,
          fix: "Rename one of the two Ingresses.",
          lost: "route",
        }),
      );
    return false;
  });
  return { routers: kept, problems };
}

const DEFAULT = "default-router";
