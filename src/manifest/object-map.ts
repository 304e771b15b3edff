import type { Resource } from "../model/resource.ts";

/** Values by kind, namespace and name: old API groups name the same objects. Makes no text of the three. */
export class ObjectMap<T> {
  readonly #kinds = new Map<string, Map<string, Map<string, T>>>();

  get({ kind, metadata }: Resource): T | undefined {
    return this.#kinds.get(kind)?.get(metadata.namespace)?.get(metadata.name);
  }

  delete({ kind, metadata }: Resource): void {
    this.#kinds.get(kind)?.get(metadata.namespace)?.delete(metadata.name);
  }

  set({ kind, metadata }: Resource, value: T): void {
    const namespaces = added(this.#kinds, kind, () => new Map<string, Map<string, T>>());
    added(namespaces, metadata.namespace, () => new Map<string, T>()).set(metadata.name, value);
  }
}

function added<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
