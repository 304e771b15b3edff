import type { Feature } from "../annotations.ts";
import { withNote, withRequestHeaders } from "../settings.ts";
import { documented } from "./documented.ts";

/**
 * `x-forwarded-prefix`, with path captures (annotations/xforwardedprefix/main.go). The template writes it
 * only beside a rewrite (template.go, buildProxyPass).
 */
export const xForwardedPrefix: Feature = {
  annotations: documented("X-Forwarded-Prefix", { Medium: "x-forwarded-prefix" }),
  apply: (annotations, settings) => {
    const named = annotations.nameOf("x-forwarded-prefix");
    if (annotations.text("x-forwarded-prefix") === undefined) return settings;
    const because = (text: string) => annotations.because("x-forwarded-prefix", `${named} ${text}`);
    if (settings.rewriteTarget === undefined)
      return withNote(settings, because("does nothing: it needs rewrite-target beside it"));
    const prefix = annotations.variables("x-forwarded-prefix");
    if (prefix === undefined) return settings;
    const note = `sends the backend "X-Forwarded-Prefix: ${prefix.source}" where rewrite-target rewrites`;
    return withRequestHeaders(settings, { prefix }, because(note));
  },
};
