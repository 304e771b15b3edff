import { asMaps, asText, isMap, type Json } from "../object.ts";
import { fail } from "../status.ts";

/**
 * JSON patch (RFC 6902).
 * @throws ApiError 422 for an impossible step
 */
export function jsonPatch(before: unknown, patch: unknown): unknown {
  return asMaps(patch).reduce<unknown>(step, structuredClone(before));
}

function step(document: unknown, operation: Json): unknown {
  const path = pointer(operation.path);
  switch (operation.op) {
    case "add":
      return put(document, path, operation.value, "insert");
    case "replace":
      find(document, path);
      return put(document, path, operation.value, "replace");
    case "remove":
      find(document, path);
      return put(document, path, undefined, "remove");
    case "move": {
      const from = pointer(operation.from);
      const value = find(document, from);
      return put(put(document, from, undefined, "remove"), path, value, "insert");
    }
    case "copy":
      return put(document, path, structuredClone(find(document, pointer(operation.from))), "insert");
    case "test":
      if (JSON.stringify(find(document, path)) === JSON.stringify(operation.value)) return document;
      throw fail(422, "the server rejected our request due to an error in our request");
    default:
      throw fail(422, "the server rejected our request due to an error in our request");
  }
}

function pointer(path: unknown): readonly string[] {
  return asText(path)
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function find(document: unknown, path: readonly string[]): unknown {
  let here = document;
  for (const key of path) {
    const next = Array.isArray(here) ? here[Number(key)] : isMap(here) ? here[key] : undefined;
    if (next === undefined) throw fail(422, "the server rejected our request due to an error in our request");
    here = next;
  }
  return here;
}

function put(
  document: unknown,
  path: readonly string[],
  value: unknown,
  how: "insert" | "replace" | "remove",
): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = find(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === "-" ? parent.length : Number(last);
    if (how === "insert") parent.splice(index, 0, value);
    else if (how === "replace") parent[index] = value;
    else parent.splice(index, 1);
  } else if (isMap(parent)) {
    if (how === "remove") delete parent[last];
    else parent[last] = value;
  }
  return document;
}
