import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { Resource, Workload } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";

/**
 * Combines resources in order. Of equal kind, namespace and name the last wins, as with `kubectl apply -f`;
 * the loser gets a warning.
 */
export function snapshotOf(resources: readonly Resource[]): {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
} {
  const last = new Map<string, Resource>();
  for (const resource of resources) last.set(keyOf(resource), resource);
  const problems: Problem[] = [];
  const kept = resources.filter((resource) => {
    const winner = last.get(keyOf(resource));
    if (winner === undefined || winner === resource) return true;
    problems.push(replaced(resource, winner));
    return false;
  });
  return { snapshot: sorted(kept), problems };
}

/** Object identity: old API groups name the same objects. */
function keyOf(resource: Resource): string {
  return `${resource.kind}/${resource.metadata.namespace}/${resource.metadata.name}`;
}

function replaced(resource: Resource, winner: Resource): Problem {
  const { namespace, name } = resource.metadata;
  const where = `${winner.origin.file}:${winner.origin.line}`;
  return {
    code: "duplicate-object",
    level: "warning",
    object: { kind: resource.kind, namespace, name },
    message: `${resource.kind} ${namespace === "" ? name : `${namespace}/${name}`} is written again at ${where}, which replaces this one, as kubectl apply would`,
    fix: CODES["duplicate-object"],
    file: resource.origin.file,
    line: resource.origin.line,
  };
}

function sorted(resources: readonly Resource[]): Snapshot {
  return {
    ingresses: resources.filter((resource) => resource.kind === "Ingress"),
    ingressClasses: resources.filter((resource) => resource.kind === "IngressClass"),
    services: resources.filter((resource) => resource.kind === "Service"),
    endpointSlices: resources.filter((resource) => resource.kind === "EndpointSlice"),
    secrets: resources.filter((resource) => resource.kind === "Secret"),
    configMaps: resources.filter((resource) => resource.kind === "ConfigMap"),
    workloads: resources.filter(isWorkload),
    pods: resources.filter((resource) => resource.kind === "Pod"),
  };
}

function isWorkload(resource: Resource): resource is Workload {
  return resource.kind === "Deployment" || resource.kind === "StatefulSet";
}
