import { asMap, type Json, type KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import type { World } from "./world.ts";

/** What the API server fills in. */
export function withDefaults(
  _world: World,
  type: ResourceType,
  body: Json,
  _before: KubeObject | undefined,
): KubeObject {
  return { ...body, apiVersion: String(body.apiVersion), kind: type.kind, metadata: asMap(body.metadata) };
}
