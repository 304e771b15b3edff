import type { Metadata, Resource } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Reading } from "./files.ts";

/** What an object is called, whatever its kind. */
function keyOf({ metadata }: { readonly metadata: Metadata }): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Objects from disk in the place of those of the same name, as `kubectl apply` would put them: the age stays. */
function over<T extends Resource>(disk: readonly T[], cluster: readonly T[]): readonly T[] {
  const written = new Map(disk.map((one) => [keyOf(one), one]));
  const known = new Set(cluster.map(keyOf));
  const aged = cluster.map((one): T => {
    const change = written.get(keyOf(one));
    const { creationTimestamp } = one.metadata;
    return change === undefined ? one : { ...change, metadata: { ...change.metadata, creationTimestamp } };
  });
  return [...aged, ...disk.filter((one) => !known.has(keyOf(one)))];
}

/** What only the cluster can know of goes before what is written of it. */
function under<T extends Resource>(disk: readonly T[], cluster: readonly T[]): readonly T[] {
  const known = new Set(cluster.map(keyOf));
  return [...cluster, ...disk.filter((one) => !known.has(keyOf(one)))];
}

/**
 * Manifests from disk over a cluster, so that a change shows before it is applied: what an Ingress says, and names, is
 * taken from disk; Services, their endpoints and pods from the cluster, where they really are.
 */
export function overlay(disk: Reading, cluster: Reading): Reading {
  const [upper, lower] = [disk.snapshot, cluster.snapshot];
  const snapshot: Snapshot = {
    ingresses: over(upper.ingresses, lower.ingresses),
    ingressClasses: over(upper.ingressClasses, lower.ingressClasses),
    secrets: over(upper.secrets, lower.secrets),
    configMaps: over(upper.configMaps, lower.configMaps),
    services: under(upper.services, lower.services),
    endpointSlices: lower.endpointSlices,
    pods: lower.pods,
    workloads: lower.workloads,
  };
  return {
    snapshot,
    problems: [...disk.problems, ...cluster.problems],
    passedOver: disk.passedOver,
    description: `${disk.description} over ${cluster.description}`,
    noticedAt: Math.max(disk.noticedAt, cluster.noticedAt),
    files: disk.files,
  };
}
