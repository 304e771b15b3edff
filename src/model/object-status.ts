import type { JsonObject } from "./json.ts";
import type { ObjectRef } from "./problem.ts";

/** The status that a controller writes into an object: conditions and their messages, word for word. */
export interface ObjectStatus {
  readonly object: ObjectRef;
  readonly status: JsonObject;
}
