import type { IngressPath } from "../../../../model/resource.ts";
import { compileRe2 } from "../../../../re2/re2.ts";
import { kept, type MadeFields, type MadeObject } from "../../made.ts";
import { pathForm } from "../../nginx/path-form.ts";
import { ENVOY_VERSION, type IngressParts } from "../parts.ts";

/** A path as a match, with the filter that rewrites it. */
export interface ConvertedPath {
  readonly match: MadeFields;
  /** A path of `urlRewrite`. default: it stays */
  readonly rewrite?: MadeFields | undefined;
  /** An expression that rewrites. */
  readonly filter?: MadeObject | undefined;
}

/** `undefined`: no expression that RE2 takes. `isExpression`: nginx reads the paths of the host so */
export function convertedPath(
  path: IngressPath,
  parts: IngressParts | undefined,
  { isExpression, name }: { readonly isExpression: boolean; readonly name: () => string },
): ConvertedPath | undefined {
  const target = parts?.nginx.settings.rewriteTarget?.source;
  const typed = (type: string, value: string): MadeFields => ({
    path: { type: kept(type, `${path.field}.pathType`), value: kept(value, `${path.field}.path`) },
  });
  if (path.pathType === "Exact" && !isExpression) return { match: typed("Exact", path.path) };
  const form = pathForm(path, isExpression, target);
  const rewritten = (rewrite: MadeFields) => parts?.of("rewrite-target", rewrite) as unknown as MadeFields;
  switch (form.kind) {
    case "prefix": {
      const { prefix, to } = form;
      const match = typed("PathPrefix", prefix);
      if (to === undefined) return { match };
      return { match, rewrite: rewritten({ type: "ReplacePrefixMatch", replacePrefixMatch: to }) };
    }
    case "whole":
      return {
        match: typed("PathPrefix", form.prefix),
        rewrite: rewritten({ type: "ReplaceFullPath", replaceFullPath: form.to }),
      };
    case "expression": {
      const { source, to } = form;
      const rest = source.endsWith("$") ? "" : ".*";
      const value = `(?i)${source}${rest}`;
      if (compileRe2(value).kind === "refused") return undefined;
      const match = typed("RegularExpression", value);
      if (to === undefined) return { match };
      const substitution = to.replaceAll("\\", "\\\\").replace(/\$(\d)/g, "\\$1");
      const replaceRegexMatch = { pattern: `^(?i)${source}${rest}`, substitution };
      const filter: MadeObject = {
        apiVersion: ENVOY_VERSION,
        kind: "HTTPRouteFilter",
        metadata: { name: name() },
        spec: { urlRewrite: { path: rewritten({ type: "ReplaceRegexMatch", replaceRegexMatch }) } },
      };
      return { match, filter };
    }
  }
}
