import type { Allowed, Feature } from "./annotations.ts";

/** annotations/parser/validators.go, RegexPathWithCapture. */
export const PATH_WITH_CAPTURES = /^\/?[-._~a-zA-Z0-9/:$]*$/;

const TARGET: Allowed = {
  pattern: PATH_WITH_CAPTURES,
  what: "a path, with $1 to $9 for captures",
  otherwise: "use-default",
};

/** `rewrite-target` and `use-regex` (annotations/rewrite/main.go). */
export const rewriteTarget: Feature = {
  annotations: ["rewrite-target", "use-regex"],
  apply: (annotations, settings) => ({
    ...settings,
    rewriteTarget: annotations.text("rewrite-target", TARGET),
    useRegex: annotations.boolean("use-regex") ?? false,
  }),
};
