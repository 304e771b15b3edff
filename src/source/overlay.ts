import type { Metadata, Resource } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Reading } from "./files.ts";

function keyOf({ metadata }: { readonly metadata: Metadata }): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Objects from disk replace those of the same name and keep their age, as `kubectl apply` would do. */
function over<T extends Resource>(disk: readonly T[], cluster: readonly T[]): readonly T[] {
  const written = new Map(disk.map((resource) => [keyOf(resource), resource]));
  const known = new Set(cluster.map(keyOf));
  const aged = cluster.map((resource): T => {
    const change = written.get(keyOf(resource));
    const { creationTimestamp } = resource.metadata;
    return change === undefined
      ? resource
      : { ...change, metadata: { ...change.metadata, creationTimestamp } };
  });
  return [...aged, ...disk.filter((resource) => !known.has(keyOf(resource)))];
}

/** Objects of the cluster come before what is written of them. */
function under<T extends Resource>(disk: readonly T[], cluster: readonly T[]): readonly T[] {
  const known = new Set(cluster.map(keyOf));
  return [...cluster, ...disk.filter((resource) => !known.has(keyOf(resource)))];
}

/**
 * Lays manifests from disk over a cluster, so that a change shows before it is applied. Ingresses and what they name
 * come from disk; Services, endpoints and pods from the cluster, where they really are.
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
