import { randomBytes } from "node:crypto";
import { withDefaults } from "./defaults/defaults.ts";
import { asMap, asText, type Json, type KubeObject } from "./object.ts";
import { toKept } from "./old-version.ts";
import type { Target } from "./request.ts";
import { groupVersion } from "./resource-type.ts";
import { fail } from "./status.ts";
import type { World } from "./world.ts";

/** Prepares a written object for the store: its place, its name and the server's defaults. */
export function admitted(
  world: World,
  target: Target,
  body: Json,
  before: KubeObject | undefined,
): KubeObject {
  const { type } = target;
  if (body.kind !== undefined && body.kind !== type.kind) {
    const version = groupVersion(type);
    const message = `no kind "${asText(body.kind)}" is registered for version "${version}" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`;
    throw fail(
      400,
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${message}`,
    );
  }
  const metadata = { ...asMap(body.metadata) };
  const generated = asText(metadata.generateName);
  if (asText(metadata.name) === "") {
    metadata.name =
      generated === "" ? (target.name ?? "") : `${generated}${randomBytes(3).toString("hex").slice(1)}`;
  }
  if (type.namespaced) metadata.namespace = namespaceOf(target, asText(metadata.namespace));
  else delete metadata.namespace;
  return withDefaults(
    world,
    type,
    { ...toKept(type, body), apiVersion: groupVersion(type), kind: type.kind, metadata },
    before,
  );
}

function namespaceOf(target: Target, written: string): string {
  const namespace = target.namespace ?? "default";
  if (written === "" || written === namespace) return namespace;
  const message = `the namespace of the provided object does not match the namespace sent on the request`;
  throw fail(400, message);
}
