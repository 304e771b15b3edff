import { CORS_DEFAULTS } from "../../../compile/ingress-nginx/annotations/cors.ts";
import type { Annotations } from "../../../compile/ingress-nginx/annotations.ts";

/** An origin is asked for; this one is nobody's (RFC 2606). */
export const NO_ORIGIN = "https://nobody.invalid";

const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Items between commas, each once. */
export function uniqueItems(text: string | undefined): readonly string[] {
  const items = (text ?? "").split(",").map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ""))];
}

/** nginx sends the annotation as it is, and browsers split it at commas; what they take for none is left out. */
export function methodsIn(annotations: Annotations): readonly string[] {
  const text = annotations.text("cors-allow-methods") ?? CORS_DEFAULTS.methods;
  const methods = text.split(/[\s,]+/).filter((method) => TOKEN.test(method));
  return methods.length > 0 ? [...new Set(methods)] : uniqueItems(CORS_DEFAULTS.methods);
}

/** unit: s */
export function maxAgeIn(annotations: Annotations, least: number): number {
  const seconds = annotations.integer("cors-max-age") ?? CORS_DEFAULTS.maxAge;
  return Math.min(Math.max(seconds, least), MOST_SECONDS);
}

/** The largest that all targets take. */
const MOST_SECONDS = 2_147_483_647;
