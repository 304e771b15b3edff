import type { Annotations, Feature } from "./annotations.ts";
import { type IngressSettings, withNote } from "./settings.ts";

/** annotations/parser/validators.go, URLIsValidRegex: no `$`, `%` or `#`, so `https://x$request_uri` is refused. */
const URL_CHARACTERS = /^[-._~a-zA-Z0-9/:,?&=]*$/;

interface Redirect {
  readonly status: number;
  readonly location: string;
  readonly annotation: string;
}

/**
 * `from-to-www-redirect`, `relative-redirects`, `temporal-redirect`, `permanent-redirect` and their codes, which one parser
 * reads in this order: what it passes up leaves none of them (annotations/redirect/redirect.go).
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
    const fromToWww = annotations.flag("from-to-www-redirect", "refuse-ingress") ?? false;
    const relative = annotations.flag("relative-redirects", "refuse-ingress") ?? false;
    const redirect = temporal(annotations) ?? permanent(annotations);
    const read = { ...settings, fromToWww, route: { ...settings.route, redirect } };
    return relative ? withRelative(annotations, read) : read;
  },
};

/** It wins over a permanent one, which is not even looked at. */
function temporal(annotations: Annotations): Redirect | undefined {
  const annotation = "temporal-redirect";
  const location = url(annotations, annotation);
  if (location === undefined) return undefined;
  const status = code(annotations, "temporal-redirect-code", 302, 307);
  // Go: strings.HasPrefix(u.Scheme, "http").
  if (!/^http[-+.a-z0-9]*:/i.test(location))
    annotations.reject(annotation, location, "a URL that begins with http:// or https://", "ignore-group");
  return { status, location, annotation };
}

function permanent(annotations: Annotations): Redirect | undefined {
  const annotation = "permanent-redirect";
  const location = url(annotations, annotation);
  const status = code(annotations, "permanent-redirect-code", 301, 308);
  return location === undefined ? undefined : { status, location, annotation };
}

function url(annotations: Annotations, name: string): string | undefined {
  const what = "a URL of letters, digits and -._~/:,?&= (no $, % or #)";
  return annotations.text(name, { pattern: URL_CHARACTERS, what, otherwise: "refuse-ingress" });
}

function code(annotations: Annotations, name: string, usual: number, highest: number): number {
  const written = annotations.integer(name, "refuse-ingress") ?? usual;
  return written < 300 || written > highest ? usual : written;
}

function withRelative(annotations: Annotations, settings: IngressSettings): IngressSettings {
  const { route } = settings;
  const redirectForm = { keepsSlash: false, namesPort: false, ...route.redirectForm, relative: true };
  const note = `${annotations.nameOf("relative-redirects")} leaves scheme and host out of redirects to paths of this host`;
  return withNote({ ...settings, route: { ...route, redirectForm } }, note);
}
