import type { IngressPath } from "../../../model/resource.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import type { PathAsked } from "../draft.ts";

/** A path of an Ingress with one of these is an expression. */
const EXPRESSION = /[\^+*[\]%]/;

/** A path's condition. `refused`: the expression does not parse, in the words of Go's parser. */
export function pathAsked({
  path,
  pathType,
}: Pick<IngressPath, "path" | "pathType">): PathAsked | { readonly kind: "refused"; readonly why: string } {
  const text = path === "" ? "/" : path;
  if (pathType === "Exact") return { kind: "exact", text };
  if (pathType === "Prefix")
    return /^\/+$/.test(text)
      ? { kind: "prefix", text: "/" }
      : { kind: "element", text: text.replace(/\/+$/, "") };
  if (!EXPRESSION.test(text)) return { kind: "prefix", text };
  const compiled = compileRe2(text, { extent: "whole" });
  if (compiled.kind === "refused") return compiled;
  return { kind: "regex", text, pattern: compiled.pattern };
}
