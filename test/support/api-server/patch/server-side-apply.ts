import { asMaps, isMap, type Json } from "../object.ts";
import { mergeKey } from "./merge-key.ts";
import { strategicMerge } from "./strategic-merge.ts";

/**
 * Server-side apply of one manager, without conflicts: what it applied `last` and no longer does goes, the rest is merged.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function serverSideApply(kind: string, before: Json, last: Json, next: Json): unknown {
  return strategicMerge(kind, withoutDropped(kind, before, last, next), next);
}

function withoutDropped(kind: string, before: Json, last: Json, next: Json): Json {
  const after: Json = { ...before };
  for (const [key, was] of Object.entries(last)) {
    const is = next[key];
    if (is === undefined) delete after[key];
    else if (isMap(was) && isMap(is)) after[key] = withoutDropped(kind, mapOf(after[key]), was, is);
    else if (Array.isArray(was) && Array.isArray(is))
      after[key] = listWithoutDropped(kind, key, after[key], was, is);
  }
  return after;
}

function listWithoutDropped(
  kind: string,
  field: string,
  before: unknown,
  last: readonly unknown[],
  next: readonly unknown[],
): unknown {
  const by = mergeKey(kind, field);
  if (by === undefined || !Array.isArray(before)) return before;
  if (by === "set") return before.filter((one) => !last.includes(one) || next.includes(one));
  const find = (list: readonly unknown[], one: Json) => asMaps(list).find((other) => other[by] === one[by]);
  return asMaps(before).flatMap((one) => {
    const was = find(last, one);
    const is = find(next, one);
    if (was !== undefined && is === undefined) return [];
    return was === undefined || is === undefined ? [one] : [withoutDropped(kind, one, was, is)];
  });
}

function mapOf(value: unknown): Json {
  return isMap(value) ? value : {};
}
