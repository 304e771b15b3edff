import type { Resource } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Reading } from "./files.ts";

/** Custom resources of several kinds are one list, and so are workloads. */
function keyOf({ kind, metadata }: Pick<Resource, "kind" | "metadata">): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

/** What was laid over what, by the lists: a list that is the same again stays the same object. */
const LAID = new WeakMap<readonly Resource[], WeakMap<readonly Resource[], readonly Resource[]>>();

function once<T extends Resource>(
  disk: readonly T[],
  cluster: readonly T[],
  lay: (disk: readonly T[], cluster: readonly T[]) => readonly T[],
): readonly T[] {
  const byCluster = LAID.get(disk) ?? new WeakMap<readonly Resource[], readonly Resource[]>();
  LAID.set(disk, byCluster);
  const laid = byCluster.get(cluster) ?? lay(disk, cluster);
  byCluster.set(cluster, laid);
  return laid as readonly T[];
}

/** Copies with the age of the cluster's object, by what is written. */
const AGED = new WeakMap<Resource, Resource>();

/** An object that was not written again stays the same. */
function aged<T extends Resource>(change: T, { metadata: { creationTimestamp } }: T): T {
  const known = AGED.get(change);
  if (known?.metadata.creationTimestamp === creationTimestamp && known !== undefined) return known as T;
  const copy: T = { ...change, metadata: { ...change.metadata, creationTimestamp } };
  AGED.set(change, copy);
  return copy;
}

/** Objects from disk replace those of the same name and keep their age, as `kubectl apply` would do. */
function over<T extends Resource>(disk: readonly T[], cluster: readonly T[]): readonly T[] {
  const written = new Map(disk.map((resource) => [keyOf(resource), resource]));
  const known = new Set(cluster.map(keyOf));
  const laid = cluster.map((resource): T => {
    const change = written.get(keyOf(resource));
    return change === undefined ? resource : aged(change, resource);
  });
  return [...laid, ...disk.filter((resource) => !known.has(keyOf(resource)))];
}

/** Objects of the cluster come before what is written of them. */
function under<T extends Resource>(disk: readonly T[], cluster: readonly T[]): readonly T[] {
  const known = new Set(cluster.map(keyOf));
  return [...cluster, ...disk.filter((resource) => !known.has(keyOf(resource)))];
}

/** Objects from disk replace those that the cluster has, and no others count. */
function inPlaceOf<T extends Resource>(disk: readonly T[], cluster: readonly T[]): readonly T[] {
  return over(disk, cluster).slice(0, cluster.length);
}

/**
 * Lays manifests from disk over a cluster, so that a change shows before it is applied. Ingresses and what they name
 * come from disk; Services, endpoints and pods from the cluster, where they really are.
 */
export function overlay(disk: Reading, cluster: Reading): Reading {
  const [upper, lower] = [disk.snapshot, cluster.snapshot];
  const snapshot: Snapshot = {
    ingresses: once(upper.ingresses, lower.ingresses, over),
    ingressClasses: once(upper.ingressClasses, lower.ingressClasses, over),
    secrets: once(upper.secrets, lower.secrets, over),
    configMaps: once(upper.configMaps, lower.configMaps, over),
    services: once(upper.services, lower.services, under),
    endpointSlices: lower.endpointSlices,
    pods: lower.pods,
    workloads: once(upper.workloads, lower.workloads, inPlaceOf),
    namespaces: once(upper.namespaces, lower.namespaces, over),
    custom: once(upper.custom, lower.custom, over),
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
