import type { Action } from "../model/action.ts";
import { type Place, type Reason, reason } from "../model/reason.ts";
import type { Ingress, IngressBackend, IngressPath, PathType } from "../model/resource.ts";
import type { Backend, IngressRef, Route } from "../model/route.ts";
import { pathBytes } from "../request/path.ts";
import type { Step } from "../step/step.ts";
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

export type RouteParts = Pick<Route, "settings" | "transport">;

const NO_STEPS: readonly Step[] = [];
const NOT_FOUND: Action = { kind: "respond", status: 404, why: [] };

/** Forwards to a Service port alone; 404 where there is none. */
function actionTo(backend: Backend | undefined): Action {
  return backend === undefined ? NOT_FOUND : { kind: "forward", shares: [{ backend, weight: 1 }] };
}

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
  const backend = backendOf(ingress, path.backend);
  const rule = `path ${shown.path} (${path.pathType}) of Ingress ${name}, ${hostInWords(host)}`;
  return {
    id: `${name} ${host || "*"}${shown.path} ${path.pathType}`,
    ingress: ref,
    rule: shown,
    backend,
    settings: parts.settings,
    steps: NO_STEPS,
    action: actionTo(backend),
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
  const backend = backendOf(ingress, ingress.spec.defaultBackend);
  return {
    id: `${name} ${host || "*"} default backend`,
    ingress: ref,
    backend,
    settings: parts.settings,
    steps: NO_STEPS,
    action: actionTo(backend),
    transport: parts.transport,
    why: [reason("ingress-default-backend", `the default backend of Ingress ${name}`, ref), ...why],
  };
}

/** The route to the controller's default backend: its Service, or 404. */
export function notFoundRoute(
  host: string,
  parts: RouteParts,
  why: readonly Reason[],
  backend?: Backend,
): Route {
  const status = parts.settings.errors?.own.status ?? 404;
  const answers =
    backend === undefined ? `answers ${status}` : `is Service ${backend.namespace}/${backend.service}`;
  return {
    id: `${host || "*"} not found`,
    backend,
    settings: parts.settings,
    steps: NO_STEPS,
    action: actionTo(backend),
    transport: parts.transport,
    why: [...why, reason("controller-default-backend", `the controller's own default backend ${answers}`)],
  };
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
