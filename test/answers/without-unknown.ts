import type { GivenObject } from "../controllers/given.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const UNKNOWN = /unknown field "([^"]+)"/g;

/** The object as the API server keeps it without kubectl's strictness: the fields of a custom resource that it does not know are dropped. */
export function withoutUnknown(object: GivenObject & { readonly apiVersion?: string }): GivenObject {
  if (object.apiVersion?.includes(".") !== true) return object;
  const { problems } = parseManifest(JSON.stringify(object), "given.json");
  const strict = problems.find(({ code }) => code === "unknown-field");
  if (strict === undefined) return object;
  const kept: unknown = structuredClone(object);
  for (const [, path = ""] of strict.message.matchAll(UNKNOWN)) drop(kept, path.split(/[.[\]]+/));
  return kept as GivenObject;
}

function drop(value: unknown, [key = "", ...rest]: readonly string[]): void {
  if (typeof value !== "object" || value === null) return;
  if (rest.length > 0) drop(Reflect.get(value, key), rest);
  else Reflect.deleteProperty(value, key);
}
