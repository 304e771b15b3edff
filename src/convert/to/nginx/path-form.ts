import type { IngressPath } from "../../../model/resource.ts";
import type { IngressSource } from "../sources.ts";

/** A path of an Ingress with what `rewrite-target` makes of it, as other controllers can say it. */
export type PathForm =
  /** By whole elements. `to`: replaces the prefix. default: the path stays */
  | { readonly kind: "prefix"; readonly prefix: string; readonly to?: string | undefined }
  /** The whole path is replaced. */
  | { readonly kind: "whole"; readonly prefix: string; readonly to: string }
  /** An expression from the beginning of the path. `to`: has `$1` for groups. default: the path stays */
  | { readonly kind: "expression"; readonly source: string; readonly to?: string | undefined };

/** Letters that stand for themselves in an expression; a dot is meant so in most paths. */
const PLAIN = /^\/[\w\-./~%:@!,;=&' ]*$/;

/** `/api(/|$)(.*)`, `/api/(.*)`, `/api/?(.*)`, `/api(/.*)?`: a prefix, and which group has the rest. */
const REST: readonly (readonly [form: RegExp, group: number, slash: "in" | "before"])[] = [
  [/^(\/[\w\-./~%]*?)\(\/\|\$\)\(\.\*\)\$?$/, 2, "before"],
  [/^(\/[\w\-./~%]*?)\/\(\.\*\)\$?$/, 1, "before"],
  [/^(\/[\w\-./~%]*?)\/\?\(\.\*\)\$?$/, 1, "before"],
  [/^(\/[\w\-./~%]*?)\(\/\.\*\)\??\$?$/, 1, "in"],
];

/**
 * `isExpression`: nginx reads the path as one, since the host has `use-regex` or a rewrite. `literal`: such a path stays one,
 * whatever it could be said as
 */
export function pathForm(
  written: Pick<IngressPath, "path" | "pathType">,
  isExpression: boolean,
  target: string | undefined,
  literal?: "literal" | undefined,
): PathForm {
  const path = written.path === "" ? "/" : written.path;
  if (!isExpression) return { kind: "prefix", prefix: path };
  if (target !== undefined && !isRewritten(written, target)) target = undefined;
  const source = path.replace(/^\^/, "");
  if (literal !== undefined) return { kind: "expression", source, to: target };
  for (const [form, group, slash] of REST) {
    const prefix = form.exec(source)?.[1];
    const to = prefix === undefined ? undefined : prefixFor(target, group, slash);
    if (prefix !== undefined && to !== undefined) return restForm(prefix, to);
  }
  if (PLAIN.test(source)) {
    if (target === undefined) return { kind: "prefix", prefix: source };
    if (!target.includes("$")) return { kind: "whole", prefix: source, to: target };
  }
  return { kind: "expression", source, to: target };
}

/** Hosts where a path can be said as an expression alone: Envoy tries these before all prefixes, nginx the longest first. */
export function hostsOfExpressions(
  sources: readonly IngressSource[],
  expressions: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { ingress, nginx } of sources)
    for (const { host, paths = [] } of ingress.spec.rules) {
      if (!expressions.has(host)) continue;
      const target = nginx?.settings.rewriteTarget?.source;
      if (paths.some((path) => pathForm(path, true, target).kind === "expression")) found.add(host);
    }
  return found;
}

/** The controller rewrites nothing where a location and its target are the same: that of a Prefix ends in a slash. */
export function isRewritten(
  { path, pathType }: Pick<IngressPath, "path" | "pathType">,
  target: string,
): boolean {
  const own = path === "" ? "/" : path;
  return target !== own || (pathType === "Prefix" && !own.endsWith("/"));
}

/** `""`: the path stays. */
function restForm(prefix: string, to: string): PathForm {
  const own = prefix === "" ? "/" : prefix;
  return to === "" || to === own ? { kind: "prefix", prefix: own } : { kind: "prefix", prefix: own, to };
}

/** The prefix in place of the path's own. `undefined`: the target is no prefix with the rest behind it */
function prefixFor(target: string | undefined, group: number, slash: "in" | "before"): string | undefined {
  if (target === undefined) return "";
  const end = `$${group}`;
  if (!target.endsWith(end)) return undefined;
  const before = target.slice(0, -end.length);
  if (before.includes("$") || !before.startsWith("/") !== (slash === "in" && before === "")) return undefined;
  if (slash === "in") return before === "" ? "/" : before;
  if (!before.endsWith("/")) return undefined;
  return before === "/" ? "/" : before.slice(0, -1);
}
