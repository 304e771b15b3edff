import { admitted } from "./admit.ts";
import { asMap, asText, type Json, type KubeObject, withoutPaths } from "./object.ts";
import { toServed } from "./old-version.ts";
import { APPLY, applyPatch } from "./patch/patch.ts";
import type { ApiRequest, Target } from "./request.ts";
import { ApiError, alreadyExists, conflict, fail, notFound } from "./status.ts";
import { type FieldValidation, validate } from "./validation.ts";
import type { World } from "./world.ts";

export interface Written {
  readonly code: number;
  readonly object: KubeObject;
  /** For `Warning` headers. */
  readonly warnings: readonly string[];
}

/** POST of a new object. */
export function create(world: World, request: ApiRequest, target: Target, body: Json): Written {
  checkNamespace(world, target);
  const sent = admitted(world, target, body, undefined);
  const { unknown, warnings } = validate(target.type, asSent(body, sent), fieldValidation(request));
  const object = withoutPaths(sent, unknown);
  if (world.store.get(target.type, target.namespace, nameOf(object)) !== undefined) {
    throw alreadyExists(target.type, nameOf(object));
  }
  return { code: 201, object: keep(world, request, target, object), warnings };
}

/** PUT of a whole object. */
export function update(world: World, request: ApiRequest, target: Target, body: Json): Written {
  const before = existing(world, target);
  checkVersion(target, before, body);
  return change(world, request, target, before, body);
}

/** Any PATCH; server-side apply creates a missing object. */
export function patch(world: World, request: ApiRequest, target: Target, body: unknown): Written {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const before = world.store.get(target.type, target.namespace, target.name ?? "");
  const manager = `${request.query.get("fieldManager") ?? ""} ${request.path}`;
  if (before === undefined) {
    if (type !== APPLY) throw notFound(target.type, target.name ?? "");
    const made = create(world, request, target, asMap(body));
    if (!isDry(request)) world.applied.set(`${manager} ${made.object.metadata.uid}`, asMap(body));
    return made;
  }
  const applied = `${manager} ${before.metadata.uid}`;
  const after = asMap(applyPatch(type, toServed(target.type, before), body, world.applied.get(applied)));
  if (type !== "application/json-patch+json") checkVersion(target, before, asMap(body));
  const made = patched(type, body, () => change(world, request, target, before, after));
  if (type === APPLY && !isDry(request)) world.applied.set(applied, asMap(body));
  return made;
}

/** The object of a path. @throws ApiError 404 */
export function existing(world: World, target: Target): KubeObject {
  const found = world.store.get(target.type, target.namespace, target.name ?? "");
  if (found === undefined) throw notFound(target.type, target.name ?? "");
  return found;
}

function change(world: World, request: ApiRequest, target: Target, before: KubeObject, body: Json): Written {
  const { uid, creationTimestamp, resourceVersion, generation } = before.metadata;
  const status = target.subresource === "status";
  const wanted = status ? { ...before, status: body.status } : { ...body, status: before.status };
  const object = admitted(world, target, wanted, before);
  const kept = { uid, creationTimestamp, resourceVersion, generation };
  object.metadata = Object.fromEntries(
    Object.entries({ ...object.metadata, ...kept }).filter(([, value]) => value !== undefined),
  );
  const served = toServed(target.type, object);
  const { unknown, warnings } = status
    ? { unknown: [], warnings: [] }
    : validate(target.type, served, fieldValidation(request));
  const after = withoutPaths(object, unknown);
  if (same(before, after)) return { code: 200, object: before, warnings };
  return { code: 200, object: keep(world, request, target, after), warnings };
}

/** A result that does not decode is a mistake of the patch (apiserver `endpoints/handlers/patch.go`). */
function patched(type: string, body: unknown, write: () => Written): Written {
  try {
    return write();
  } catch (error) {
    const why =
      error instanceof ApiError ? / cannot be handled as a \w+: (.*)$/.exec(error.message)?.[1] : undefined;
    if (why === undefined || type === APPLY) throw error;
    const message = `Invalid value: ${JSON.stringify(JSON.stringify(body))}: ${why}`;
    const causes = [{ reason: "FieldValueInvalid", message, field: "patch" }];
    throw fail(422, ` "" is invalid: patch: ${message}`, { details: { causes } });
  }
}

function keep(world: World, request: ApiRequest, target: Target, object: KubeObject): KubeObject {
  if (isDry(request)) return object;
  return world.store.put(target.type, object, world.now());
}

function isDry(request: ApiRequest): boolean {
  return request.query.get("dryRun") === "All";
}

/** The object without the server's defaults, so that messages are about the written one. */
function asSent(body: Json, object: KubeObject): KubeObject {
  return { ...body, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
}

/** Only PATCH and PUT of `kubectl apply` and the like look at unknown fields. */
function fieldValidation(request: ApiRequest): FieldValidation {
  const asked = request.query.get("fieldValidation");
  return asked === "Strict" || asked === "Ignore" ? asked : "Warn";
}

function checkNamespace(world: World, target: Target): void {
  const namespaces = world.types.find((type) => type.kind === "Namespace");
  if (target.namespace === undefined || namespaces === undefined) return;
  if (world.store.get(namespaces, undefined, target.namespace) !== undefined) return;
  throw notFound(namespaces, target.namespace);
}

function checkVersion(target: Target, before: KubeObject, body: Json): void {
  const { resourceVersion = "", uid = "" } = asMap(body.metadata);
  const stale = resourceVersion !== "" && resourceVersion !== before.metadata.resourceVersion;
  if (stale || (uid !== "" && uid !== before.metadata.uid)) throw conflict(target.type, nameOf(before));
  const name = asText(asMap(body.metadata).name);
  if (name !== "" && name !== nameOf(before)) {
    throw fail(
      400,
      `the name of the object (${name}) does not match the name on the URL (${nameOf(before)})`,
    );
  }
}

function nameOf(object: KubeObject): string {
  return object.metadata.name ?? "";
}

/** Deep equality of JSON, ignoring the order of keys. */
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
