import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";
import { EMPTY_SNAPSHOT, type Snapshot } from "../model/snapshot.ts";
import { ObjectMap } from "./object-map.ts";

/**
 * Combines resources in order. Of equal kind, namespace and name the last wins, as with `kubectl apply -f`;
 * the loser gets a warning. A list that holds what it held in `before` is the same list.
 */
export function snapshotOf(
  resources: readonly Resource[],
  before: Snapshot = EMPTY_SNAPSHOT,
): {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
} {
  const last = new ObjectMap<Resource>();
  for (const resource of resources) last.set(resource, resource);
  const problems: Problem[] = [];
  const kept = resources.filter((resource) => {
    const winner = last.get(resource);
    if (winner === undefined || winner === resource) return true;
    problems.push(replaced(resource, winner));
    return false;
  });
  return { snapshot: sorted(kept, before), problems };
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

function sorted(resources: readonly Resource[], before: Snapshot): Snapshot {
  return {
    ingresses: unlessSame(before.ingresses, resources.filter(isOf("Ingress"))),
    ingressClasses: unlessSame(before.ingressClasses, resources.filter(isOf("IngressClass"))),
    services: unlessSame(before.services, resources.filter(isOf("Service"))),
    endpointSlices: unlessSame(before.endpointSlices, resources.filter(isOf("EndpointSlice"))),
    secrets: unlessSame(before.secrets, resources.filter(isOf("Secret"))),
    configMaps: unlessSame(before.configMaps, resources.filter(isOf("ConfigMap"))),
    workloads: unlessSame(before.workloads, resources.filter(isOf("Deployment", "StatefulSet"))),
    pods: unlessSame(before.pods, resources.filter(isOf("Pod"))),
  };
}

function isOf<K extends Resource["kind"]>(...kinds: readonly K[]) {
  const wanted: ReadonlySet<string> = new Set(kinds);
  return (resource: Resource): resource is Extract<Resource, { readonly kind: K }> =>
    wanted.has(resource.kind);
}

function unlessSame<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  const isSame = before.length === now.length && before.every((item, at) => item === now[at]);
  return isSame ? before : now;
}
