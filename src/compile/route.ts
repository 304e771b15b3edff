import { type Place, type Reason, reason } from "../model/reason.ts";
import type { Ingress, IngressBackend, IngressPath, PathType } from "../model/resource.ts";
import type { Action } from "../model/route/action.ts";
import type { Backend, IngressRef, Route } from "../model/route.ts";
import { pathBytes } from "../request/path.ts";
import { ingressName } from "./problem.ts";

/** An Ingress by name and place. The line is found at first use, because that may parse the file again. */
export function refOf(ingress: Ingress, field: string): IngressRef {
  const { metadata, origin } = ingress;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    file: origin.file,
    get line() {
      return origin.lineOf(field);
    },
  };
}

/** The line is found at first use, because that may parse the file again. */
export function placeOf({ origin }: Ingress, field: string): Place {
  return {
    file: origin.file,
    field,
    get line() {
      return origin.lineOf(field);
    },
  };
}

export function backendOf(ingress: Ingress, backend: IngressBackend | undefined): Backend | undefined {
  if (backend?.kind !== "service") return undefined;
  return { namespace: ingress.metadata.namespace, service: backend.name, port: backend.port };
}

/** The parts of a route that act on its requests. */
export type RouteParts = Pick<Route, "steps" | "action" | "transport">;

export function pathRoute(
  ingress: Ingress,
  from: { readonly host: string; readonly path: IngressPath; readonly regex: boolean },
  parts: RouteParts,
  why: readonly Reason[],
): Route {
  const { host, path, regex } = from;
  const shown = { host, path: path.path === "" ? "/" : path.path, pathType: path.pathType, regex };
  const name = ingressName(ingress);
  const ref = refOf(ingress, path.field);
  const rule = `path ${shown.path} (${path.pathType}) of Ingress ${name}, ${hostInWords(host)}`;
  return {
    id: `${name} ${host || "*"}${shown.path} ${path.pathType}`,
    ingress: ref,
    rule: shown,
    steps: parts.steps,
    action: parts.action,
    transport: parts.transport,
    why: [reason("rule", rule, ref), ...why],
  };
}

/** The route of `spec.defaultBackend` for one host (`""`: every host). */
export function defaultBackendRoute(
  ingress: Ingress,
  host: string,
  parts: RouteParts,
  why: readonly Reason[],
): Route {
  const name = ingressName(ingress);
  const ref = refOf(ingress, "spec.defaultBackend");
  return {
    id: `${name} ${host || "*"} default backend`,
    ingress: ref,
    steps: parts.steps,
    action: parts.action,
    transport: parts.transport,
    why: [reason("ingress-default-backend", `the default backend of Ingress ${name}`, ref), ...why],
  };
}

/** The route to the controller's default backend: its Service, or 404. */
export function notFoundRoute(host: string, parts: RouteParts, why: readonly Reason[]): Route {
  const answers = actionInWords(parts.action);
  return {
    id: `${host || "*"} not found`,
    steps: parts.steps,
    action: parts.action,
    transport: parts.transport,
    why: [...why, reason("controller-default-backend", `the controller's own default backend ${answers}`)],
  };
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

/**
 * Longest path first, in bytes; equal lengths in descending byte order (controller.go, getBackendServers).
 */
export function byLength(a: { readonly path: string }, b: { readonly path: string }): number {
  const [left, right] = [pathBytes(a.path), pathBytes(b.path)];
  return right.length - left.length || (left === right ? 0 : left > right ? -1 : 1);
}

/** True for `Exact`; both other types match as `Prefix` (internal/k8s SetDefaultNGINXPathType). */
export function isExact(pathType: PathType): boolean {
  return pathType === "Exact";
}

/** Two paths of a host with equal keys are one location. */
export function pathAndType({ path, exact }: { readonly path: string; readonly exact: boolean }): string {
  return `${exact ? "exact" : "prefix"} ${path}`;
}
