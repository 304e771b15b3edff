import type { Json, KubeObject } from "./object.ts";
import { asMap, at } from "./object.ts";
import type { ApiRequest, Target } from "./request.ts";
import { selectorOf } from "./selector.ts";
import { conflict } from "./status.ts";
import type { World } from "./world.ts";
import { existing } from "./write.ts";

/** DELETE of one object. */
export function removeOne(world: World, request: ApiRequest, target: Target, body: Json): Json {
  const object = existing(world, target);
  const name = object.metadata.name ?? "";
  const uid = at(body, "preconditions", "uid");
  if (uid !== undefined && uid !== object.metadata.uid) throw conflict(target.type, name);
  const policy = body.propagationPolicy ?? request.query.get("propagationPolicy");
  if (request.query.get("dryRun") !== "All")
    takeOut(world, target, object, policy === "Orphan" ? "alone" : "all");
  const whole = ["Pod", "Service", "Namespace", "ServiceAccount"].includes(target.type.kind);
  if (whole) return { ...object };
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(target.type.group === "" ? {} : { group: target.type.group }),
      kind: target.type.plural,
      uid: object.metadata.uid,
    },
  };
}

/** DELETE of all selected objects. */
export function removeAll(world: World, request: ApiRequest, target: Target): readonly KubeObject[] {
  const select = selectorOf(request.query);
  const objects = world.store.list(target.type, target.namespace).filter(select);
  for (const object of objects) takeOut(world, target, object, "all");
  return objects;
}

/** Removes a namespace's contents, and an owner's dependents unless it is orphaned. */
function takeOut(world: World, target: Target, object: KubeObject, what: "all" | "alone"): void {
  const { namespace, name = "", uid } = object.metadata;
  world.store.remove(target.type, namespace, name);
  if (what === "alone") return;
  for (const type of world.types) {
    if (!type.namespaced) continue;
    const inside = target.type.kind === "Namespace" ? world.store.list(type, name) : [];
    const owned = world.store.list(type, namespace).filter((one) => isOwned(one, uid));
    for (const one of [...inside, ...owned]) {
      takeOut(world, { ...target, type }, one, "all");
    }
  }
}

function isOwned(object: KubeObject, uid: string | undefined): boolean {
  const owners = object.metadata.ownerReferences;
  return Array.isArray(owners) && owners.some((owner) => asMap(owner).uid === uid);
}
