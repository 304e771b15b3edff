import { admitted } from "./admit.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import type { World } from "./world.ts";

/** The store without the protocol: tests write and read it regardless of permissions. */
export class Objects {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Creates or replaces an object, status included; creates a missing namespace. */
  apply(object: KubeObject): KubeObject {
    const { store } = this.#world;
    const type = this.#typeOf(object.kind);
    const namespace = placeOf(type, object.metadata.namespace);
    if (namespace !== undefined && store.get(this.#typeOf("Namespace"), undefined, namespace) === undefined) {
      this.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    }
    const { name } = object.metadata;
    const before = store.get(type, namespace, name ?? "");
    const target = { type, namespace, name, subresource: undefined };
    return structuredClone(store.put(type, admitted(this.#world, target, object, before), this.#world.now()));
  }

  /** Removes an existing object; a Pod's port-forwards end. */
  remove(kind: string, namespace: string, name: string): void {
    const type = this.#typeOf(kind);
    this.#world.store.remove(type, placeOf(type, namespace), name);
  }

  get(kind: string, namespace: string, name: string): KubeObject | undefined {
    const type = this.#typeOf(kind);
    const found = this.#world.store.get(type, placeOf(type, namespace), name);
    return found === undefined ? undefined : structuredClone(found);
  }

  /** Takes a kind away with its objects; its watches end. */
  undefine(kind: string): void {
    const type = this.#typeOf(kind);
    for (const { metadata } of this.#world.store.list(type))
      this.#world.store.remove(type, placeOf(type, metadata.namespace), metadata.name ?? "");
    this.#world.types.splice(this.#world.types.indexOf(type), 1);
    for (const stream of [...this.#world.running]) {
      if (stream.request.target?.type === type) stream.hit({ do: "end" });
    }
  }

  #typeOf(kind: string): ResourceType {
    const found = this.#world.types.find((type) => type.kind === kind);
    if (found === undefined) throw new Error(`no kind ${kind} is known to the test API server`);
    return found;
  }
}

function placeOf(type: ResourceType, namespace: string | undefined): string | undefined {
  return type.namespaced ? namespace || "default" : undefined;
}

/** Ends the port-forwards of removed pods, as the kubelet does; returns the unsubscribe function. */
export function endForwardsOfLostPods(world: World): () => void {
  return world.store.listen((change) => {
    if (change.resource !== "/pods" || change.type !== "DELETED") return;
    const { namespace, name } = change.object.metadata;
    for (const stream of [...world.running]) {
      const { target } = stream.request;
      if (target?.subresource !== "portforward" || target.name !== name) continue;
      if (target.namespace === namespace) stream.hit({ do: "pod-killed" });
    }
  });
}
