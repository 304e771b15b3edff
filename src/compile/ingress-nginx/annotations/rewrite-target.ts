import type { Feature } from "../annotations.ts";
import { documented } from "./documented.ts";

/**
 * `rewrite-target` and `use-regex` (annotations/rewrite/main.go). The target is copied into nginx's
 * `rewrite`, so it may contain variables, path groups included.
 */
export const rewriteTarget: Feature = {
  annotations: documented("Rewrites", { Low: "use-regex", Medium: "rewrite-target" }),
  apply: (annotations, settings) => ({
    ...settings,
    rewriteTarget: annotations.has("rewrite-target")
      ? annotations.variables("rewrite-target", annotations.groupNames())
      : undefined,
    useRegex: annotations.boolean("use-regex") ?? false,
  }),
};
