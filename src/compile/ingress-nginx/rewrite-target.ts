import type { Feature } from "./annotations.ts";

/** `rewrite-target` and `use-regex` (annotations/rewrite/main.go). */
export const rewriteTarget: Feature = {
  annotations: ["rewrite-target", "use-regex"],
  apply: (annotations, settings) => ({
    ...settings,
    rewriteTarget: annotations.text("rewrite-target"),
    useRegex: annotations.boolean("use-regex") ?? false,
  }),
};
