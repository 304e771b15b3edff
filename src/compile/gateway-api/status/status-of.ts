import { type Json, type JsonObject, jsonFields, jsonItems } from "../../../model/json.ts";
import type { ObjectStatus } from "../../../model/object-status.ts";
import type { CustomResource } from "../../../model/resource.ts";

/** A status that the controller writes. Its conditions say for which generation, where the object has one. */
export function statusOf(object: CustomResource, status: JsonObject): ObjectStatus {
  const { generation } = object.metadata;
  return untouched(object, generation === undefined ? status : observed(status, generation));
}

/** The status as it is before any controller has written it. */
export function untouched({ kind, metadata }: CustomResource, status: JsonObject): ObjectStatus {
  return { object: { kind, namespace: metadata.namespace, name: metadata.name }, status };
}

/** Lists whose items have conditions of their own. */
const PARTS: ReadonlySet<string> = new Set(["listeners", "parents", "ancestors"]);

function observed(status: JsonObject, observedGeneration: number): JsonObject {
  const fields = Object.entries(status).map(([name, value]): [string, Json | undefined] => {
    if (name === "conditions")
      return [name, jsonItems(value).map((item) => ({ ...jsonFields(item), observedGeneration }))];
    if (!PARTS.has(name)) return [name, value];
    return [name, jsonItems(value).map((item) => observed(jsonFields(item), observedGeneration))];
  });
  return Object.fromEntries(fields);
}
