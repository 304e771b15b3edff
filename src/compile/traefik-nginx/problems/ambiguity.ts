import type { Problem } from "../../../model/problem.ts";
import { wildcardOf } from "../../../request/host.ts";
import { coversPath } from "../../../select/path.ts";
import { eachInSteps, type Steps } from "../../../steps.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { refOf } from "../../shared/reference.ts";
import { isCatchAll, type Location } from "../location.ts";
import type { NginxRouter } from "../routers.ts";

/** Routers of a host that are tried on other paths. */
const MOST_TRIED = 100;

/** How many routers are looked at in a step. */
const AT_ONCE = 100;

/** Routers that Traefik draws among: of equal length, or of one name. */
export function* ambiguities(routers: readonly NginxRouter[]): Steps<readonly Problem[]> {
  const rules = routers.filter(({ location, isOtherName }) => !isCatchAll(location) && isOtherName !== true);
  return [...(yield* drawn(rules)), ...(yield* sameNames(rules))];
}

/** Routers of one host and one length. */
interface Equals {
  readonly byPath: Map<string, NginxRouter[]>;
  readonly expressions: NginxRouter[];
  /** In their order. */
  readonly all: NginxRouter[];
}

function* drawn(routers: readonly NginxRouter[]): Steps<readonly Problem[]> {
  const groups = new Map<string, Equals>();
  for (const [at, router] of routers.entries()) {
    for (const host of hostsOf(router)) addTo(groups, `${router.priority} ${host}`, router);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  const told = new Set<string>();
  const problems: Problem[] = [];
  for (const [at, router] of routers.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    for (const host of hostsOf(router))
      for (const key of new Set([host, wildcardOf(host, "none"), ""])) {
        const group = groups.get(`${router.priority} ${key}`);
        // Of one host it is found from below.
        const other = sharing(router, group) ?? (key === host ? undefined : below(router, group));
        if (other === undefined) continue;
        const pair = [router.name, other.name].sort().join(" ");
        if (told.has(pair)) continue;
        told.add(pair);
        problems.push(drawnProblem(router, other));
      }
  }
  return problems;
}

function addTo(groups: Map<string, Equals>, key: string, router: NginxRouter): void {
  const { path } = router.match;
  const group: Equals = groups.get(key) ?? { byPath: new Map(), expressions: [], all: [] };
  groups.set(key, group);
  group.all.push(router);
  if (path.kind === "pattern") group.expressions.push(router);
  else add(group.byPath, path.kind === "any" ? "" : path.path, router);
}

/** Another router that matches the path of this one. */
function sharing(router: NginxRouter, group: Equals | undefined): NginxRouter | undefined {
  if (group === undefined) return undefined;
  const { path } = router.match;
  const isOther = (other: NginxRouter) => other !== router && overlap(router, other);
  const ancestors = path.kind === "any" ? [""] : beginningsOf(path.path);
  for (const beginning of ancestors) {
    const found = group.byPath.get(beginning)?.find(isOther);
    if (found !== undefined) return found;
  }
  return group.expressions.slice(0, MOST_TRIED).find(isOther);
}

/** A router of more hosts whose path lies below: its rule has a longer path, and no host or a shorter one. */
function below(router: NginxRouter, group: Equals | undefined): NginxRouter | undefined {
  return group?.all.slice(0, MOST_TRIED).find((other) => other !== router && overlap(router, other));
}

/** The path, all above it, `/` and none. */
function beginningsOf(path: string): readonly string[] {
  const found = new Set([path, "/", ""]);
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1))
    found.add(path.slice(0, slash));
  return [...found];
}

function overlap(a: NginxRouter, b: NginxRouter): boolean {
  if (a.rule === b.rule) return true;
  if (a.match.when !== undefined || b.match.when !== undefined) return false;
  const [first, second] = [a.match.path, b.match.path];
  if (first.kind === "any" || second.kind === "any") return true;
  return coversPath(first, second.path) === true || coversPath(second, first.path) === true;
}

function hostsOf({ match }: NginxRouter): readonly string[] {
  const { hosts = [] } = match;
  return hosts.length === 0 ? [""] : hosts.map((host) => (host.kind === "pattern" ? "" : host.name));
}

function drawnProblem(router: NginxRouter, other: NginxRouter): Problem {
  const { ingress } = router.location.annotations;
  const length = `the rules are of one length, ${router.priority} bytes (${router.rule} and ${other.rule})`;
  return problemOf(ingress, {
    code: "ambiguous-route",
    level: "warning",
    field: fieldOf(router.location),
    message: `Ingress ${ingressName(ingress)}: ${length}, and so are drawn with ${placeOf(other.location)}: Traefik may answer by either, and draws anew whenever its configuration changes`,
    fix: "Remove one of the two paths, or let one be longer.",
  });
}

function* sameNames(routers: readonly NginxRouter[]): Steps<readonly Problem[]> {
  const names = new Map<string, NginxRouter[]>();
  yield* eachInSteps(routers, (router) => add(names, router.name, router));
  const problems: Problem[] = [];
  yield* eachInSteps(names, ([name, [first, ...others]]) => {
    const other = others.at(-1);
    if (first === undefined || other === undefined) return;
    const { ingress } = first.location.annotations;
    const isOwn = ingress === other.location.annotations.ingress;
    const whose = isOwn
      ? `its default backend for ${others.length + 1} hosts is one router, ${name}`
      : `its router ${name} has the name of one of ${placeOf(other.location)}`;
    problems.push(
      problemOf(ingress, {
        code: "ambiguous-route",
        level: "warning",
        field: fieldOf(first.location),
        message: `Ingress ${ingressName(ingress)}: ${whose}: Traefik keeps one of them, drawn whenever its configuration changes, and the others get 404 or a shorter rule`,
        fix: isOwn ? "Write an Ingress for each host." : "Give one of the two Ingresses another name.",
      }),
    );
  });
  return problems;
}

function fieldOf({ path }: Location): string {
  return path?.field ?? "spec.defaultBackend";
}

/** `Ingress default/web (a.yaml:3)` */
function placeOf(location: Location): string {
  const { ingress } = location.annotations;
  const { file, line } = refOf(ingress, location.path ?? "spec.defaultBackend");
  return `Ingress ${ingressName(ingress)} (${file}${line > 0 ? `:${line}` : ""})`;
}

function add<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const list = groups.get(key);
  if (list === undefined) groups.set(key, [item]);
  else list.push(item);
}
