import { asList, asMaps, isMap, type Json } from "../object.ts";
import { type MergeKey, mergeKey } from "./merge-key.ts";

/**
 * Strategic merge patch (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/): as
 * a merge patch, but lists of known fields are merged by key, and `$patch`, `$retainKeys`, `$setElementOrder/FIELD` and
 * `$deleteFromPrimitiveList/FIELD` are followed.
 */
export function strategicMerge(kind: string, before: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  if (patch.$patch === "replace") return without(patch, "$patch");
  const after: Json = isMap(before) ? { ...before } : {};
  const retained = asList(patch.$retainKeys);
  if (patch.$retainKeys !== undefined) {
    for (const key of Object.keys(after)) if (!retained.includes(key)) delete after[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$")) continue;
    const merged = mergeField(kind, key, after[key], value);
    if (merged === undefined) delete after[key];
    else after[key] = merged;
  }
  for (const [key, value] of Object.entries(patch)) direct(kind, after, key, asList(value));
  return after;
}

function mergeField(kind: string, field: string, before: unknown, patch: unknown): unknown {
  if (patch === null) return undefined;
  if (isMap(patch)) return patch.$patch === "delete" ? undefined : strategicMerge(kind, before, patch);
  const by = mergeKey(kind, field);
  if (!Array.isArray(patch) || by === undefined) return patch;
  if (by === "set") return [...new Set([...asList(before), ...patch])];
  return mergeList(kind, by, asMaps(before), asMaps(patch));
}

function mergeList(kind: string, by: string, before: readonly Json[], patch: readonly Json[]): unknown[] {
  if (patch.some((one) => one.$patch === "replace" && one[by] === undefined)) {
    return patch.filter((one) => one.$patch === undefined);
  }
  const after: unknown[] = [...before];
  for (const one of patch) {
    const place = after.findIndex((other) => isMap(other) && other[by] === one[by]);
    if (one.$patch === "delete") {
      if (place >= 0) after.splice(place, 1);
    } else if (place < 0) {
      after.push(strategicMerge(kind, {}, one));
    } else {
      after[place] = strategicMerge(kind, after[place], one);
    }
  }
  return after;
}

/** Directives for a list: its order, and texts to remove. */
function direct(kind: string, after: Json, key: string, listed: readonly unknown[]): void {
  const [directive, field = ""] = key.split("/", 2);
  const list = after[field];
  if (!Array.isArray(list)) return;
  if (directive === "$deleteFromPrimitiveList") {
    after[field] = list.filter((one) => !listed.includes(one));
  } else if (directive === "$setElementOrder") {
    after[field] = ordered(list, listed, mergeKey(kind, field));
  }
}

/** Elements in the given order, then the rest. */
function ordered(list: readonly unknown[], order: readonly unknown[], by: MergeKey): unknown[] {
  const keyOf = (one: unknown) => (isMap(one) && by !== undefined ? one[by] : one);
  const wanted = order.map(keyOf);
  const placeOf = (one: unknown) => {
    const found = wanted.indexOf(keyOf(one));
    return found < 0 ? wanted.length : found;
  };
  return [...list].sort((a, b) => placeOf(a) - placeOf(b));
}

function without(map: Json, key: string): Json {
  const { [key]: _, ...rest } = map;
  return rest;
}
