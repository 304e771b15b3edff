import { type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { PathAsked } from "../draft.ts";

type Replacement =
  | { readonly kind: "found"; readonly to: string | undefined }
  | { readonly kind: "refused"; readonly fault: readonly [reason: string, message: string] };

/** `pathRewritePolicy.replacePrefix` for a path: the entry that names all of it, else the one that names none. */
export function prefixReplacement(route: JsonObject, path: PathAsked): Replacement {
  const entries = jsonItems(jsonFields(route.pathRewritePolicy).replacePrefix)
    .map(jsonFields)
    .map(({ prefix, replacement }) => ({
      prefix: jsonString(prefix) ?? "",
      to: jsonString(replacement) ?? "",
    }));
  if (entries.length === 0) return { kind: "found", to: undefined };
  if (path.kind !== "prefix")
    return refused("MustHavePrefix", "cannot specify prefix replacements without a prefix condition");
  const seen = new Set<string>();
  for (const { prefix } of entries) {
    if (seen.has(prefix))
      return prefix === ""
        ? refused("AmbiguousReplacement", "ambiguous prefix replacement")
        : refused("DuplicateReplacement", `duplicate replacement prefix '${prefix}'`);
    seen.add(prefix);
  }
  const to =
    entries.find(({ prefix }) => prefix === path.text)?.to || entries.find(({ prefix }) => prefix === "")?.to;
  return { kind: "found", to: to === "" ? undefined : to };
}

function refused(reason: string, message: string): Replacement {
  return { kind: "refused", fault: [reason, message] };
}
