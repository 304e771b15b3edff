import type { IngressPath } from "../../../../model/resource.ts";
import { compileRe2 } from "../../../../re2/re2.ts";
import { escapedExpression, escapedPath } from "../../envoy/escaped-path.ts";
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

interface PathReading {
  /** nginx reads the paths of the host so. */
  readonly isExpression: boolean;
  readonly literal: "literal" | undefined;
  /** Of the Ingress. */
  readonly namespace: string;
  /** A name for an expression that rewrites. */
  readonly name: () => string;
}

/** `undefined`: no expression that RE2 takes */
export function convertedPath(
  path: IngressPath,
  parts: IngressParts | undefined,
  { isExpression, literal, namespace, name }: PathReading,
): ConvertedPath | undefined {
  // A redirect takes the place of the backends, and their path.
  const target = parts?.redirect === undefined ? parts?.nginx.settings.rewriteTarget?.source : undefined;
  const typed = (type: string, value: string): MadeFields => ({
    path: { type: kept(type, `${path.field}.pathType`), value: kept(value, `${path.field}.path`) },
  });
  if (path.pathType === "Exact" && !isExpression) return { match: typed("Exact", escapedPath(path.path)) };
  const form = pathForm(path, isExpression, target, literal);
  const rewritten = (rewrite: MadeFields) => parts?.of("rewrite-target", rewrite) as unknown as MadeFields;
  switch (form.kind) {
    case "prefix": {
      const { prefix, to } = form;
      const match = typed("PathPrefix", escapedPath(prefix));
      if (to === undefined) return { match };
      return { match, rewrite: rewritten({ type: "ReplacePrefixMatch", replacePrefixMatch: to }) };
    }
    case "whole":
      return {
        match: typed("PathPrefix", escapedPath(form.prefix)),
        rewrite: rewritten({ type: "ReplaceFullPath", replaceFullPath: form.to }),
      };
    case "expression": {
      const { to } = form;
      const source = escapedExpression(form.source);
      const rest = source.endsWith("$") ? "" : ".*";
      const value = `(?i)${source}${rest}`;
      const compiled = compileRe2(value);
      if (compiled.kind === "refused") return undefined;
      const match = typed("RegularExpression", value);
      if (to === undefined) return { match };
      // A group that is not there is empty in nginx, and refused by Envoy.
      const substitution = to
        .replaceAll("\\", "\\\\")
        .replace(/\$(\d)/g, (_, group: string) =>
          Number(group) > compiled.pattern.names.length ? "" : `\\${group}`,
        );
      const replaceRegexMatch = { pattern: `^(?i)${source}${rest}`, substitution };
      const filter: MadeObject = {
        apiVersion: ENVOY_VERSION,
        kind: "HTTPRouteFilter",
        metadata: { name: name(), namespace: namespace === "default" ? undefined : namespace },
        spec: { urlRewrite: { path: rewritten({ type: "ReplaceRegexMatch", replaceRegexMatch }) } },
      };
      return { match, filter };
    }
  }
}
