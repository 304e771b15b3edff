import type { Feature } from "./annotations.ts";
import { PATH_WITH_CAPTURES } from "./rewrite-target.ts";
import { withHeaders } from "./settings.ts";

/**
 * `x-forwarded-prefix`, with captures of the path (annotations/xforwardedprefix/main.go). The template writes it only
 * beside a rewrite (template.go, buildProxyPass).
 */
export const xForwardedPrefix: Feature = {
  annotations: ["x-forwarded-prefix"],
  apply: (annotations, settings) => {
    const prefix = annotations.variables("x-forwarded-prefix", {
      pattern: PATH_WITH_CAPTURES,
      what: "a path, with $1 to $9 for captures",
      otherwise: "refuse-ingress",
    });
    if (prefix === undefined) return settings;
    const name = annotations.nameOf("x-forwarded-prefix");
    const note =
      settings.rewriteTarget === undefined
        ? `${name} does nothing: it needs rewrite-target beside it`
        : `${name} sends the backend "X-Forwarded-Prefix: ${prefix.source}" where rewrite-target rewrites`;
    return withHeaders(settings, { prefix }, note);
  },
};
