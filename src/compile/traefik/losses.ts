import type { Problem } from "../../model/problem.ts";
import type { CustomResource, Ingress } from "../../model/resource.ts";
import type { RouteMatch, VirtualHost } from "../../model/route/selection.ts";
import { guardsAmong } from "../../step/guard.ts";
import { problemOf } from "../problem.ts";
import { findBy, sampleFor } from "../shared/sample-match.ts";
import type { Lost } from "./lost.ts";

/** A router that is not there. */
export interface Loss {
  readonly owner: Ingress | CustomResource;
  readonly field: string;
  readonly lost: Lost;
  /** `path "/admin"`, `route Host(…)`; default: the whole object */
  readonly what?: string | undefined;
  /** What it would have matched; default: unknown */
  readonly match?: RouteMatch | undefined;
  /** Names; default: those of every router. */
  readonly entryPoints?: readonly string[] | undefined;
  readonly hasTls?: boolean | undefined;
  /** True if it names middlewares, of which one may be a guard. */
  readonly isGuarded: boolean;
}

/** Each loss, and whether another route answers without the guard at one of the `hosts`, where its router would be. */
export function lossProblem(loss: Loss, hosts: readonly VirtualHost[]): Problem {
  const { owner, field, lost, what, match, isGuarded } = loss;
  const name = `${owner.kind} ${owner.metadata.namespace}/${owner.metadata.name}`;
  const of = what === undefined ? name : `${what} of ${name}`;
  const open =
    isGuarded && match !== undefined ? firstOf(hosts, (host) => unguarded(match, host)) : undefined;
  const told = `Traefik makes no router for ${of}: ${lost.why}`;
  if (open !== undefined)
    return problemOf(owner, {
      code: "guard-lost",
      level: "error",
      field,
      message: `${told}. Its requests are answered by ${open}, without the guard`,
      fix: lost.fix,
      lost: "guard",
    });
  return problemOf(owner, {
    code: "route-lost",
    level: "error",
    field,
    message: `${told}. Its requests go to another route that matches, or get 404`,
    fix: lost.fix,
    lost: what === undefined && owner.kind === "Ingress" ? "ingress" : "route",
  });
}

function firstOf<T, U>(items: Iterable<T>, find: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The router that answers in its place, if no guard stands before it. Traefik's own only redirect. */
function unguarded(match: RouteMatch, host: VirtualHost): string | undefined {
  const found = findBy(sampleFor(match), host);
  const route =
    found?.kind === "route" ? found.route : found?.kind === "one-of" ? found.entries[0].route : undefined;
  if (route?.ingress === undefined) return undefined;
  const [guard] = [...guardsAmong(route.steps)];
  return guard === undefined ? (route.inWords?.name ?? route.id) : undefined;
}
