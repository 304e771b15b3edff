import type { Decision, Rejection } from "../../model/decision.ts";
import type { Backend, Route } from "../../model/route.ts";

/** A backend's port as written in the manifest. */
export function portOf({ port }: Backend): number | string {
  return "name" in port ? port.name : port.number;
}

/** `default/service1:80`. */
export function backendInWords(backend: Backend): string {
  return `${backend.namespace}/${backend.service}:${portOf(backend)}`;
}

/**
 * In the form of the request lines: `forward default/service1:80 /`, `redirect 308 https://…`, `respond 404`.
 */
export function decisionInWords(decision: Decision): string {
  if (decision.kind === "forward") {
    return `forward ${backendInWords(decision.backend)} ${decision.upstreamPath}`;
  }
  if (decision.kind === "redirect") return `redirect ${decision.status} ${decision.location}`;
  return `respond ${decision.status}`;
}

/** `www.basic1.com /path1 (Prefix)`; `*` for every host. */
export function hostAndPathInWords({ host, path, pathType }: Rejection["rule"]): string {
  return `${host === "" ? "*" : host} ${path} (${pathType})`;
}

export function ingressInWords(route: Route): string | undefined {
  if (route.ingress === undefined) return undefined;
  const { namespace, name } = route.ingress;
  return `${namespace}/${name}  ${fileAndLine(route.ingress)}`;
}

/** `:12` only where the line is known. */
export function fileAndLine({
  file,
  line,
}: {
  readonly file: string;
  readonly line?: number | undefined;
}): string {
  return line === undefined || line === 0 ? file : `${file}:${line}`;
}
