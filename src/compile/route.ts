import { type Reason, reason } from "../model/reason.ts";
import type { Ingress, IngressBackend, IngressPath, PathType } from "../model/resource.ts";
import type { Action } from "../model/route/action.ts";
import type { Backend, IngressRef, Route, RouteRule } from "../model/route.ts";
import { textAsBytes } from "../request/utf8.ts";
import { type Steps, sortedInSteps } from "../steps.ts";
import { ingressName } from "./problem.ts";
import { refOf } from "./shared/reference.ts";

export { placeOf, refOf } from "./shared/reference.ts";

export function backendOf(ingress: Ingress, backend: IngressBackend | undefined): Backend | undefined {
  if (backend?.kind !== "service") return undefined;
  return { namespace: ingress.metadata.namespace, service: backend.name, port: backend.port };
}

/** The parts of a route that act on its requests. */
export type RouteParts = Pick<Route, "steps" | "action" | "transport" | "inWords">;

/** Sources of the words of a route. */
interface RouteSource {
  /** default: the controller's own */
  readonly ingress?: Ingress | undefined;
  readonly host: string;
  /** default: a default backend */
  readonly path?: IngressPath | undefined;
  readonly regex?: boolean | undefined;
  /** Reasons behind the route's own one, or before the controller's own. */
  readonly why: readonly Reason[];
}

/** A route that makes its words when they are asked for: most of 100,000 are never asked. */
class MadeRoute implements Route {
  readonly steps: Route["steps"];
  readonly action: Action;
  readonly transport: Route["transport"];
  readonly inWords: Route["inWords"];
  readonly #ingress: Ingress | undefined;
  readonly #host: string;
  readonly #path: IngressPath | undefined;
  readonly #isRegex: boolean;
  readonly #because: readonly Reason[];
  #why: readonly Reason[] | undefined;

  constructor({ ingress, host, path, regex = false, why }: RouteSource, parts: RouteParts) {
    this.steps = parts.steps;
    this.action = parts.action;
    this.transport = parts.transport;
    this.inWords = parts.inWords;
    this.#ingress = ingress;
    this.#host = host;
    this.#path = path;
    this.#isRegex = regex;
    this.#because = why;
  }

  get id(): string {
    const host = this.#host || "*";
    if (this.#ingress === undefined) return `${host} not found`;
    const name = ingressName(this.#ingress);
    if (this.#path === undefined) return `${name} ${host} default backend`;
    return `${name} ${host}${shownPath(this.#path)} ${this.#path.pathType}`;
  }

  get ingress(): IngressRef | undefined {
    return this.#ingress && refOf(this.#ingress, this.#path ?? "spec.defaultBackend");
  }

  get rule(): RouteRule | undefined {
    if (this.#path === undefined) return undefined;
    const { pathType } = this.#path;
    return { host: this.#host, path: shownPath(this.#path), pathType, regex: this.#isRegex };
  }

  /** The same list each time. */
  get why(): readonly Reason[] {
    this.#why ??= this.#made();
    return this.#why;
  }

  #made(): readonly Reason[] {
    const because = this.#because;
    if (this.#ingress === undefined) {
      const answers = `the controller's own default backend ${actionInWords(this.action)}`;
      return [...because, reason("controller-default-backend", answers)];
    }
    const name = ingressName(this.#ingress);
    if (this.#path === undefined) {
      const words = `the default backend of Ingress ${name}`;
      return [reason("ingress-default-backend", words, this.ingress), ...because];
    }
    const path = `path ${shownPath(this.#path)} (${this.#path.pathType})`;
    const words = `${path} of Ingress ${name}, ${hostInWords(this.#host)}`;
    return [reason("rule", words, this.ingress), ...because];
  }
}

function shownPath({ path }: IngressPath): string {
  return path === "" ? "/" : path;
}

export function pathRoute(
  ingress: Ingress,
  from: { readonly host: string; readonly path: IngressPath; readonly regex: boolean },
  parts: RouteParts,
  why: readonly Reason[],
): Route {
  return new MadeRoute({ ...from, ingress, why }, parts);
}

/** The route of `spec.defaultBackend` for one host (`""`: every host). */
export function defaultBackendRoute(
  ingress: Ingress,
  host: string,
  parts: RouteParts,
  why: readonly Reason[],
): Route {
  return new MadeRoute({ ingress, host, why }, parts);
}

/** The route to the controller's default backend: its Service, or 404. */
export function notFoundRoute(host: string, parts: RouteParts, why: readonly Reason[]): Route {
  return new MadeRoute({ host, why }, parts);
}

function actionInWords(action: Action): string {
  if (action.kind === "respond") return `answers ${action.status}`;
  const { namespace, service } = action.shares[0].backend;
  return `is Service ${namespace}/${service}`;
}

/** `host shop.test`, or `every host`. */
export function hostInWords(host: string): string {
  return host === "" ? "for every host" : `host ${host}`;
}

/** `/p` → `/p/`, the prefix of elements below it. */
export function asPrefix(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

interface Sized<T> {
  readonly item: T;
  readonly bytes: string;
}

/** How many paths are read in a step. */
const AT_ONCE = 500;

/**
 * Longest path first, in bytes; equal lengths in descending byte order (controller.go, getBackendServers).
 */
export function* byLength<T extends { readonly path: string }>(items: readonly T[]): Steps<readonly T[]> {
  const sized: Sized<T>[] = [];
  for (const [at, item] of items.entries()) {
    sized.push({ item, bytes: textAsBytes(item.path) });
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  return (yield* sortedInSteps(sized, compareLength)).map(({ item }) => item);
}

function compareLength({ bytes: a }: Sized<unknown>, { bytes: b }: Sized<unknown>): number {
  return b.length - a.length || (a === b ? 0 : a > b ? -1 : 1);
}

/** True for `Exact`; both other types match as `Prefix` (internal/k8s SetDefaultNGINXPathType). */
export function isExact(pathType: PathType): boolean {
  return pathType === "Exact";
}

/** Two paths of a host with equal keys are one location. */
export function pathAndType({ path, exact }: { readonly path: string; readonly exact: boolean }): string {
  return `${exact ? "exact" : "prefix"} ${path}`;
}
