import type { Annotations, Feature } from "../annotations.ts";
import { type IngressSettings, withNote } from "../settings.ts";
import { parseGoUrl } from "../values/go-url.ts";

interface Redirect {
  readonly status: number;
  readonly location: string;
  readonly annotation: "permanent-redirect" | "temporal-redirect";
}

/**
 * `from-to-www-redirect`, `relative-redirects`, `temporal-redirect`, `permanent-redirect` and their codes.
 * One parser reads them in this order, and an error drops all (annotations/redirect/redirect.go).
 */
export const redirect: Feature = {
  annotations: [
    "from-to-www-redirect",
    "relative-redirects",
    "temporal-redirect",
    "temporal-redirect-code",
    "permanent-redirect",
    "permanent-redirect-code",
  ],
  apply: (annotations, settings) => {
    const fromToWww = annotations.boolean("from-to-www-redirect") ?? false;
    const relative = annotations.boolean("relative-redirects") ?? false;
    const redirect = temporal(annotations) ?? permanent(annotations);
    // An absent field is cheaper than an undefined one, which makes V8 create a hidden class per copy.
    const route = redirect === undefined ? settings.route : { ...settings.route, redirect };
    const read = { ...settings, fromToWww, route };
    return relative ? withRelative(annotations, read) : read;
  },
};

/** Wins over a permanent redirect, which is not even read. */
function temporal(annotations: Annotations): Redirect | undefined {
  const annotation = "temporal-redirect";
  const location = annotations.text(annotation);
  if (location === undefined) return undefined;
  const status = code(annotations, "temporal-redirect-code", 302, 307);
  // isValidURL: anything that begins with http.
  const parsed = parseGoUrl(location);
  if ("fault" in parsed || !parsed.scheme.startsWith("http"))
    annotations.reject(annotation, location, "a URL that begins with http:// or https://", "ignore-group");
  return { status, location, annotation };
}

function permanent(annotations: Annotations): Redirect | undefined {
  const annotation = "permanent-redirect";
  const location = annotations.text(annotation);
  const status = code(annotations, "permanent-redirect-code", 301, 308);
  return location === undefined ? undefined : { status, location, annotation };
}

function code(annotations: Annotations, name: string, usual: number, highest: number): number {
  const written = annotations.integer(name) ?? usual;
  return written < 300 || written > highest ? usual : written;
}

function withRelative(annotations: Annotations, settings: IngressSettings): IngressSettings {
  const { route } = settings;
  const redirectForm = { keepsSlash: false, namesPort: false, ...route.redirectForm, relative: true };
  const note = `${annotations.nameOf("relative-redirects")} leaves scheme and host out of redirects to paths of this host`;
  return withNote(
    { ...settings, route: { ...route, redirectForm } },
    annotations.because("relative-redirects", note),
  );
}
