import type { Feature } from "../annotations.ts";

/**
 * `rewrite-target` and `use-regex` (annotations/rewrite/main.go). The target stands in nginx's `rewrite` as it is written,
 * so it may name variables, groups of the paths among them.
 */
export const rewriteTarget: Feature = {
  annotations: ["rewrite-target", "use-regex"],
  apply: (annotations, settings) => ({
    ...settings,
    rewriteTarget: annotations.has("rewrite-target")
      ? annotations.variables("rewrite-target", annotations.groupNames())
      : undefined,
    useRegex: annotations.boolean("use-regex") ?? false,
  }),
};
