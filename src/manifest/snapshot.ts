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
  for (const one of resources) last.set(keyOf(one), one);
  const problems: Problem[] = [];
  const kept = resources.filter((one) => {
    const winner = last.get(keyOf(one));
    if (winner === undefined || winner === one) return true;
    problems.push(replaced(one, winner));
    return false;
  });
  return { snapshot: sorted(kept), problems };
}

/** Object identity: old API groups name the same objects. */
function keyOf(one: Resource): string {
  return `${one.kind}/${one.metadata.namespace}/${one.metadata.name}`;
}

function replaced(one: Resource, winner: Resource): Problem {
  const { namespace, name } = one.metadata;
  const where = `${winner.origin.file}:${winner.origin.line}`;
  return {
    code: "duplicate-object",
    level: "warning",
    object: { kind: one.kind, namespace, name },
    message: `${one.kind} ${namespace === "" ? name : `${namespace}/${name}`} is written again at ${where}, which replaces this one, as kubectl apply would`,
    fix: CODES["duplicate-object"],
    file: one.origin.file,
    line: one.origin.line,
  };
}

function sorted(resources: readonly Resource[]): Snapshot {
  return {
    ingresses: resources.filter((one) => one.kind === "Ingress"),
    ingressClasses: resources.filter((one) => one.kind === "IngressClass"),
    services: resources.filter((one) => one.kind === "Service"),
    endpointSlices: resources.filter((one) => one.kind === "EndpointSlice"),
    secrets: resources.filter((one) => one.kind === "Secret"),
    configMaps: resources.filter((one) => one.kind === "ConfigMap"),
    workloads: resources.filter(isWorkload),
    pods: resources.filter((one) => one.kind === "Pod"),
  };
}

function isWorkload(one: Resource): one is Workload {
  return one.kind === "Deployment" || one.kind === "StatefulSet";
}
