import type { Feature } from "./annotations.ts";
import { withHeaders } from "./settings.ts";

/**
 * `x-forwarded-prefix`, with captures of the path (annotations/xforwardedprefix/main.go). The template writes it only
 * beside a rewrite (template.go, buildProxyPass).
 */
export const xForwardedPrefix: Feature = {
  annotations: ["x-forwarded-prefix"],
  apply: (annotations, settings) => {
    const prefix = annotations.variables("x-forwarded-prefix");
    if (prefix === undefined) return settings;
    const name = annotations.nameOf("x-forwarded-prefix");
    const note =
      settings.rewriteTarget === undefined
        ? `${name} does nothing: it needs rewrite-target beside it`
        : `${name} sends the backend "X-Forwarded-Prefix: ${prefix.source}" where rewrite-target rewrites`;
    return withHeaders(settings, { prefix }, note);
  },
};
