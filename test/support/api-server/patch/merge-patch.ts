import { isMap, type Json } from "../object.ts";

/** JSON merge patch (RFC 7386): objects are merged, `null` removes, any other value replaces. */
export function mergePatch(before: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const after: Json = isMap(before) ? { ...before } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete after[key];
    else after[key] = mergePatch(after[key], value);
  }
  return after;
}
