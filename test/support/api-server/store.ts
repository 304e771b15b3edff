import { randomUUID } from "node:crypto";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";

/** One change of the store, for watchers. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: number;
  readonly resource: string;
  readonly object: KubeObject;
  /** The object before, for watchers with a selector. */
  readonly before: KubeObject | undefined;
}

/** The key of a type's objects, the same for every version of a group. */
export function resourceKey(type: ResourceType): string {
  return `${type.group}/${type.plural}`;
}

/** Objects by revision, as etcd keeps them: each write is one revision, and all since the last compaction are known. */
export class Store {
  #revision = 1;
  #compacted = 0;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  #changes: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();

  /** The revision of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** The oldest known revision. */
  get compacted(): number {
    return this.#compacted;
  }

  /** Objects of a resource by key. default: every namespace */
  list(type: ResourceType, namespace?: string): readonly KubeObject[] {
    const kept = this.#objects.get(resourceKey(type));
    if (kept === undefined) return [];
    const keys = [...kept.keys()].sort((a, b) => (a < b ? -1 : 1));
    const found = keys.flatMap((key) => kept.get(key) ?? []);
    return namespace === undefined ? found : found.filter((one) => one.metadata.namespace === namespace);
  }

  get(type: ResourceType, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(resourceKey(type))?.get(keyOf(namespace, name));
  }

  /** Writes an object: a new one gets its uid and time of creation, a changed one its next generation. */
  put(type: ResourceType, object: KubeObject, now: Date): KubeObject {
    const kept = this.#kept(type);
    const key = keyOf(object.metadata.namespace, object.metadata.name ?? "");
    const before = kept.get(key);
    const revision = ++this.#revision;
    const after = structuredClone(object);
    after.metadata = {
      ...after.metadata,
      uid: before?.metadata.uid ?? after.metadata.uid ?? randomUUID(),
      creationTimestamp:
        before?.metadata.creationTimestamp ?? after.metadata.creationTimestamp ?? timestamp(now),
      resourceVersion: String(revision),
    };
    const generation = generationOf(before, after);
    if (generation !== undefined) after.metadata.generation = generation;
    kept.set(key, after);
    this.#tell({
      type: before === undefined ? "ADDED" : "MODIFIED",
      revision,
      resource: resourceKey(type),
      object: after,
      before,
    });
    return after;
  }

  /** Removes an object; watchers get its last state with the revision of the removal. */
  remove(type: ResourceType, namespace: string | undefined, name: string): KubeObject | undefined {
    const kept = this.#kept(type);
    const before = kept.get(keyOf(namespace, name));
    if (before === undefined) return undefined;
    kept.delete(keyOf(namespace, name));
    const revision = ++this.#revision;
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(revision) } };
    this.#tell({ type: "DELETED", revision, resource: resourceKey(type), object, before });
    return object;
  }

  /** Changes of a resource after a revision, oldest first. */
  since(type: ResourceType, revision: number): readonly Change[] {
    const resource = resourceKey(type);
    return this.#changes.filter((change) => change.revision > revision && change.resource === resource);
  }

  /** Calls back at each change; returns the unsubscribe function. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets all changes so far. The revision advances, so that even the current one is too old. */
  compact(): void {
    this.#revision++;
    this.#compacted = this.#revision;
    this.#changes = [];
  }

  #kept(type: ResourceType): Map<string, KubeObject> {
    const key = resourceKey(type);
    const kept = this.#objects.get(key) ?? new Map<string, KubeObject>();
    this.#objects.set(key, kept);
    return kept;
  }

  #tell(change: Change): void {
    this.#changes.push(change);
    for (const listener of [...this.#listeners]) listener(change);
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

/** A time as Kubernetes writes it: whole seconds. */
export function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Kinds with a spec count their changes of it. */
function generationOf(before: KubeObject | undefined, after: KubeObject): number | undefined {
  if (after.spec === undefined || ["Pod", "Service", "Namespace", "Node"].includes(after.kind))
    return undefined;
  if (before === undefined) return 1;
  const known = before.metadata.generation ?? 1;
  return JSON.stringify(before.spec) === JSON.stringify(after.spec) ? known : known + 1;
}
