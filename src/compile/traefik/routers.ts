import { append } from "../../append.ts";
import { jsonItems, jsonStrings } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { CustomResource } from "../../model/resource.ts";
import type { Steps } from "../../steps.ts";
import { withoutCollisions } from "./draws.ts";
import type { Loss } from "./losses.ts";
import { Lost } from "./lost.ts";
import type { TraefikObjects } from "./objects.ts";
import { withParents } from "./routers/families.ts";
import { type CrdRouter, ingressRouteRouters, isOfClass } from "./routers/ingress-route-routers.ts";
import { ingressRouters } from "./routers/ingress-routers.ts";
import type { HostRouter, Router } from "./routers/router.ts";
import { hostsOfUnmatched } from "./rule/hosts-of-unmatched.ts";
import { matchOfRule } from "./rule/match.ts";
import { readRule } from "./rule/parse.ts";

export interface Routers {
  readonly routers: readonly Router[];
  /** Those that are lost once their services are looked for. */
  readonly lostLater: readonly HostRouter[];
  readonly losses: readonly Loss[];
  readonly problems: readonly Problem[];
}

/** The routers of every object, before their middlewares are built. */
export function* routersOf(objects: TraefikObjects): Steps<Routers> {
  const losses: Loss[] = [];
  const lostLater: HostRouter[] = [];
  const ofIngresses: Router[] = [];
  for (const ingress of objects.ingresses) {
    const { routers, lost } = yield* ingressRouters(ingress, objects);
    append(ofIngresses, routers);
    for (const { owner, field, host, path, lost: why, router } of lost) {
      if (router !== undefined) lostLater.push(router);
      losses.push({
        owner,
        field,
        lost: why,
        what: path === undefined ? undefined : `path "${path.path}"${host === "" ? "" : ` (host ${host})`}`,
        isGuarded: false,
      });
    }
    yield;
  }
  const ofRoutes: { readonly own: CrdRouter; readonly of: CustomResource }[] = [];
  for (const route of objects.all("IngressRoute")) {
    if (!isOfClass(route, objects)) continue;
    const { routers, lost } = ingressRouteRouters(route, objects);
    for (const own of routers) ofRoutes.push({ own, of: route });
    for (const { owner, field, rule, lost: why, router } of lost) {
      const match = matchIn(rule) ?? hostsOfUnmatched(rule);
      const isChild = jsonItems(route.spec.parentRefs).length > 0;
      if (router !== undefined && match !== undefined && !isChild) lostLater.push({ ...router, match });
      losses.push({
        owner,
        field,
        lost: why,
        what: rule === "" ? undefined : `the route ${rule}`,
        match,
        entryPoints: jsonStrings(route.spec.entryPoints),
        hasTls: route.spec.tls !== undefined && route.spec.tls !== null,
        isGuarded: why.of === "middleware",
      });
    }
    yield;
  }
  const { routers, problems } = withoutCollisions(ofIngresses);
  const served = withParents(ofRoutes);
  const names = new Set(served.map(({ name }) => name));
  // A parent without children is there until it is built.
  for (const { own, of } of ofRoutes)
    if (!names.has(own.name) && jsonItems(of.spec.parentRefs).length === 0) lostLater.push(own);
  return { routers: [...routers, ...served], lostLater, losses, problems };
}

function matchIn(rule: string): Loss["match"] {
  const parsed = readRule(rule);
  const match = parsed && matchOfRule(parsed, "v3");
  return match instanceof Lost ? undefined : match;
}
