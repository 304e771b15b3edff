import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { CustomResource, Resource } from "../model/resource.ts";
import { EMPTY_SNAPSHOT, type Snapshot } from "../model/snapshot.ts";
import { atOnce, type Steps } from "../steps.ts";
import { ObjectMap } from "./object-map.ts";

interface Combined {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
}

/** How many resources are looked at in a step. */
const AT_ONCE = 1_000;

/**
 * Combines resources in order. Of equal kind, namespace and name the last wins, as with `kubectl apply -f`;
 * the loser gets a warning. A list that holds what it held in `before` is the same list.
 */
export function snapshotOf(resources: readonly Resource[], before?: Snapshot): Combined {
  return atOnce(snapshotInSteps(resources, before));
}

export function* snapshotInSteps(
  resources: readonly Resource[],
  before: Snapshot = EMPTY_SNAPSHOT,
): Steps<Combined> {
  const last = new ObjectMap<Resource>();
  for (const [at, resource] of resources.entries()) {
    last.set(resource, resource);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  const problems: Problem[] = [];
  const kept: ByKind = new Map();
  for (const [at, resource] of resources.entries()) {
    const winner = last.get(resource);
    if (winner === undefined || winner === resource) addTo(kept, resource);
    else problems.push(replaced(resource, winner));
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  return { snapshot: listsOf(kept, before), problems };
}

type ByKind = Map<string, Resource[]>;

/** No kind of Kubernetes has this name. */
const CUSTOM = "custom";

function listed(kind: Resource["kind"]): string {
  return kind === "StatefulSet" || kind === "DaemonSet" ? "Deployment" : kind;
}

/** Deployments, StatefulSets and DaemonSets are one list, and so are custom resources. */
function addTo(kept: ByKind, resource: Resource): void {
  const kind = "spec" in resource && resource.kind !== "Ingress" ? CUSTOM : listed(resource.kind);
  const list = kept.get(kind);
  if (list === undefined) kept.set(kind, [resource]);
  else list.push(resource);
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

function listsOf(kept: ByKind, before: Snapshot): Snapshot {
  const listOf = <K extends Resource["kind"]>(kind: K) =>
    (kept.get(kind) ?? []) as Extract<Resource, { readonly kind: K }>[];
  return {
    ingresses: unlessSame(before.ingresses, listOf("Ingress")),
    ingressClasses: unlessSame(before.ingressClasses, listOf("IngressClass")),
    services: unlessSame(before.services, listOf("Service")),
    endpointSlices: unlessSame(before.endpointSlices, listOf("EndpointSlice")),
    secrets: unlessSame(before.secrets, listOf("Secret")),
    configMaps: unlessSame(before.configMaps, listOf("ConfigMap")),
    workloads: unlessSame(before.workloads, listOf("Deployment")),
    pods: unlessSame(before.pods, listOf("Pod")),
    namespaces: unlessSame(before.namespaces, listOf("Namespace")),
    custom: unlessSame(before.custom, (kept.get(CUSTOM) ?? []) as CustomResource[]),
  };
}

function unlessSame<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  const isSame = before.length === now.length && before.every((item, at) => item === now[at]);
  return isSame ? before : now;
}
