import type { IngressPath } from "../../model/resource.ts";
import type { Backend } from "../../model/route.ts";
import { backendOf } from "../route.ts";
import { portKey } from "../shared/service-port.ts";
import type { NginxAnnotations } from "./annotations.ts";
import type { PresentServices } from "./present-services.ts";

/** A second Service of a Service port, for a part of its requests. */
export interface Canary {
  readonly annotations: NginxAnnotations;
  readonly path: IngressPath;
  readonly backend: Backend;
  /** At most `total`. */
  readonly weight: number;
  readonly total: number;
  /** `canary-by-header` and its companions; `""`: none */
  readonly header: string;
  readonly value: string;
  readonly pattern: string;
  readonly cookie: string;
}

interface Canaries {
  /** By `portKey` of the main Service port: all its paths share the canary, whatever their host. */
  readonly byPort: ReadonlyMap<string, Canary>;
  readonly unused: readonly UnusedCanary[];
}

/** A path of a canary that comes to nothing, with the reason as a clause. */
export interface UnusedCanary {
  readonly annotations: NginxAnnotations;
  readonly path: IngressPath;
  readonly why: string;
}

/** The smallest sum of weights, whatever `canary-weight-total` says. */
const LEAST_TOTAL = 100;

/** Each path of a canary has to be that of another Ingress in its namespace, in the same words. */
export function canariesOf(
  mains: readonly NginxAnnotations[],
  written: readonly NginxAnnotations[],
  services: PresentServices,
): Canaries {
  const paths = new Map<string, Backend | undefined>();
  for (const { annotations, host, path } of pathsOf(mains))
    paths.set(pathKey(annotations, host, path), backendOf(annotations.ingress, path.backend));
  const byPort = new Map<string, Canary>();
  const taken = new Set<string>();
  const unused: UnusedCanary[] = [];
  for (const { annotations, host, path } of pathsOf(written)) {
    const leave = (why: string) => unused.push({ annotations, path, why });
    const key = pathKey(annotations, host, path);
    const main = paths.get(key);
    const backend = backendOf(annotations.ingress, path.backend);
    if (main === undefined)
      leave("no Ingress of its namespace has this host, path and pathType in the same words");
    else if (taken.has(key)) leave("another canary has this path already, and the first alone counts");
    else if (backend === undefined || portKey(backend) === portKey(main))
      leave("its backend is the Service port of the path itself");
    else if (services.fault(backend) !== undefined) leave(services.fault(backend) ?? "");
    else {
      taken.add(key);
      byPort.set(portKey(main), canaryOf(annotations, path, backend));
    }
  }
  return { byPort, unused };
}

function* pathsOf(all: readonly NginxAnnotations[]) {
  for (const annotations of all)
    for (const { host, paths = [] } of annotations.ingress.spec.rules)
      for (const path of paths) yield { annotations, host, path };
}

function pathKey({ namespace }: NginxAnnotations, host: string, { path, pathType }: IngressPath): string {
  return [namespace, pathType, host + path].join("\n");
}

function canaryOf(annotations: NginxAnnotations, path: IngressPath, backend: Backend): Canary {
  const total = Math.max(annotations.integer("canary-weight-total") ?? 0, LEAST_TOTAL);
  return {
    annotations,
    path,
    backend,
    weight: Math.min(Math.max(annotations.integer("canary-weight") ?? 0, 0), total),
    total,
    header: annotations.text("canary-by-header") ?? "",
    value: annotations.text("canary-by-header-value") ?? "",
    pattern: annotations.text("canary-by-header-pattern") ?? "",
    cookie: annotations.text("canary-by-cookie") ?? "",
  };
}
