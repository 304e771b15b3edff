import { randomBytes } from "node:crypto";
import { withDefaults } from "./defaults.ts";
import { asMap, asText, type Json, type KubeObject } from "./object.ts";
import { applyPatch } from "./patch/patch.ts";
import type { ApiRequest, Target } from "./request.ts";
import { groupVersion, type ResourceType } from "./resource-type.ts";
import { alreadyExists, conflict, fail, notFound } from "./status.ts";
import type { World } from "./world.ts";

/** What a write came to. */
export interface Written {
  readonly code: number;
  readonly object: KubeObject;
}

/** POST of a new object. */
export function create(world: World, request: ApiRequest, target: Target, body: Json): Written {
  const object = admitted(world, target, body, undefined);
  if (world.store.get(target.type, target.namespace, nameOf(object)) !== undefined) {
    throw alreadyExists(target.type, nameOf(object));
  }
  return { code: 201, object: kept(world, request, target.type, object) };
}

/** PUT of a whole object. */
export function update(world: World, request: ApiRequest, target: Target, body: Json): Written {
  const before = existing(world, target);
  const version = asText(asMap(body.metadata).resourceVersion);
  if (version !== "" && version !== before.metadata.resourceVersion)
    throw conflict(target.type, nameOf(before));
  return changed(world, request, target, before, body);
}

/** PATCH of any of its sorts; server-side apply creates what is not there. */
export function patch(world: World, request: ApiRequest, target: Target, body: unknown): Written {
  const sort = (request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const before = world.store.get(target.type, target.namespace, target.name ?? "");
  if (before === undefined) {
    if (sort !== "application/apply-patch+yaml") throw notFound(target.type, target.name ?? "");
    return create(world, request, target, asMap(body));
  }
  const after = asMap(applyPatch(sort, before, body));
  const version = asText(asMap(asMap(body).metadata).resourceVersion);
  if (version !== "" && version !== before.metadata.resourceVersion)
    throw conflict(target.type, nameOf(before));
  return changed(world, request, target, before, after);
}

/** The object that a path names; throws 404. */
export function existing(world: World, target: Target): KubeObject {
  const found = world.store.get(target.type, target.namespace, target.name ?? "");
  if (found === undefined) throw notFound(target.type, target.name ?? "");
  return found;
}

/** What a write of a test or of a client comes to before it is kept: names checked, what the server fills filled. */
export function admitted(
  world: World,
  target: Target,
  body: Json,
  before: KubeObject | undefined,
): KubeObject {
  const { type } = target;
  if (body.kind !== undefined && body.kind !== type.kind) {
    throw fail(
      400,
      `${groupVersion(type)}, Kind=${asText(body.kind)} does not match the kind of the path, ${type.kind}`,
    );
  }
  const metadata = { ...asMap(body.metadata) };
  const generated = asText(metadata.generateName);
  if (asText(metadata.name) === "" && generated !== "")
    metadata.name = `${generated}${randomBytes(3).toString("hex").slice(0, 5)}`;
  if (asText(metadata.name) === "") metadata.name = target.name ?? "";
  if (type.namespaced) metadata.namespace = target.namespace ?? "default";
  else delete metadata.namespace;
  return withDefaults(
    world,
    type,
    { ...body, apiVersion: groupVersion(type), kind: type.kind, metadata },
    before,
  );
}

function changed(world: World, request: ApiRequest, target: Target, before: KubeObject, body: Json): Written {
  const object = admitted(world, target, body, before);
  const { uid, creationTimestamp, resourceVersion, generation } = before.metadata;
  object.metadata = {
    ...object.metadata,
    uid,
    creationTimestamp,
    resourceVersion,
    generation,
  } as KubeObject["metadata"];
  if (target.subresource === undefined && before.status !== undefined) object.status = before.status;
  if (same(before, object)) return { code: 200, object: before };
  return { code: 200, object: kept(world, request, target.type, object) };
}

function kept(world: World, request: ApiRequest, type: ResourceType, object: KubeObject): KubeObject {
  if (request.query.get("dryRun") === "All") return object;
  return world.store.put(type, object, world.now());
}

function nameOf(object: KubeObject): string {
  return object.metadata.name ?? "";
}

/** Deep equality of JSON, the order of keys aside. */
function same(a: unknown, b: unknown): boolean {
  return sorted(a) === sorted(b);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, one) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one as Json).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
