import { type JsonObject, jsonFields, jsonString } from "../../../../model/json.ts";
import { compileRe2 } from "../../../../re2/re2.ts";
import type { PathAsked } from "../../draft.ts";

const KINDS = ["prefix", "exact", "regex"] as const;

type Joined = PathAsked | { readonly kind: "refused"; readonly why: string };

/** The texts of all blocks, one behind the other; the last block says what kind they are. */
export function joinedPath(conditions: readonly JsonObject[]): Joined {
  const textOf = (condition: JsonObject) =>
    KINDS.map((kind) => jsonString(condition[kind]) ?? "").find((each) => each !== "") ?? "";
  const text = conditions.map(textOf).join("").replace(/\/+/g, "/");
  if (text === "") return { kind: "prefix", text: "/" };
  if (conditions.some(({ regex }) => (jsonString(regex) ?? "") !== "")) {
    const compiled = compileRe2(text, { extent: "whole" });
    return compiled.kind === "refused" ? compiled : { kind: "regex", text, pattern: compiled.pattern };
  }
  const last = jsonFields(conditions.at(-1));
  const isExact = (jsonString(last.exact) ?? "") !== "" && (jsonString(last.prefix) ?? "") === "";
  return { kind: isExact ? "exact" : "prefix", text };
}

/** Contour's words for path conditions of one block that cannot be. */
export function pathFault(conditions: readonly JsonObject[]): string | undefined {
  let many = 0;
  for (const condition of conditions)
    for (const kind of KINDS) {
      const text = jsonString(condition[kind]) ?? "";
      if (text === "") continue;
      many++;
      if (!text.startsWith("/")) return `${kind} conditions must start with /, ${text} was supplied`;
      const compiled = kind === "regex" ? compileRe2(text) : undefined;
      if (compiled?.kind === "refused") return `supplied regex: ${text} invalid. error: ${compiled.why}`;
    }
  return many > 1 ? "more than one prefix, exact or regex is not allowed in a condition block" : undefined;
}
