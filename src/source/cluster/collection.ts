import { createHash } from "node:crypto";
import { internalProblem } from "../../internal.ts";
import { type Admitted, prunedObject, readAdmitted } from "../../manifest/admitted.ts";
import { fieldOf } from "./fault.ts";
import type { ClusterKind } from "./kinds.ts";

export interface Collection {
  readonly objects: () => ReadonlyMap<string, Admitted>;
  readonly replace: (items: readonly unknown[], version: string) => "changed" | "same";
  readonly put: (item: unknown, version: string) => "changed" | "same";
  readonly remove: (item: unknown) => "changed" | "same";
}

interface Held {
  /** A digest of what is read of the object: equal prints, equal resources. */
  readonly print: string;
  readonly read: Admitted;
}

export function nameOfItem(item: unknown): string {
  return String(fieldOf(fieldOf(item, "metadata"), "name") ?? "");
}

function namespaceOf(item: unknown): string {
  return String(fieldOf(fieldOf(item, "metadata"), "namespace") ?? "");
}

function keyOf(item: unknown): string {
  return `${namespaceOf(item)}/${nameOfItem(item)}`;
}

/** Makes an empty collection of a kind; `context` is the origin of its objects. default: all are kept */
export function createCollection(
  { kind }: ClusterKind,
  context: string,
  isKept: (item: unknown) => boolean = () => true,
): Collection {
  let held = new Map<string, Held>();
  let objects: ReadonlyMap<string, Admitted> | undefined;

  /** Returns the object held already when nothing that is read of it differs. */
  function read(item: unknown, version: string, before: Held | undefined): Held {
    try {
      return readAnew(item, version, before);
    } catch (error) {
      const object = { kind, namespace: namespaceOf(item), name: nameOfItem(item) };
      const problem = internalProblem(error, `${kind} ${keyOf(item)} could not be read`, { object });
      return { print: "", read: { resource: before?.read.resource, problems: [problem] } };
    }
  }

  function readAnew(item: unknown, version: string, before: Held | undefined): Held {
    const pruned = prunedObject(kind, item);
    const print = createHash("sha1").update(version).update(JSON.stringify(pruned)).digest("base64");
    return before?.print === print ? before : { print, read: readAdmitted(kind, version, pruned, context) };
  }

  const changed = () => {
    objects = undefined;
    return "changed" as const;
  };
  return {
    objects: () => {
      objects ??= new Map([...held].map(([key, { read }]) => [key, read]));
      return objects;
    },
    replace: (items, version) => {
      const next = new Map<string, Held>();
      for (const item of items.filter(isKept)) {
        const key = keyOf(item);
        next.set(key, read(item, version, held.get(key)));
      }
      const isSame = next.size === held.size && [...next].every(([key, item]) => held.get(key) === item);
      held = next;
      return isSame ? "same" : changed();
    },
    put: (item, version) => {
      const key = keyOf(item);
      if (!isKept(item)) return held.delete(key) ? changed() : "same";
      const before = held.get(key);
      const now = read(item, version, before);
      held.set(key, now);
      return now === before ? "same" : changed();
    },
    remove: (item) => (held.delete(keyOf(item)) ? changed() : "same"),
  };
}
