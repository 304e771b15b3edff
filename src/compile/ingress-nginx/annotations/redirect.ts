import type { Annotations, Feature } from "../annotations.ts";
import type { LocationSettings } from "../locations/location-settings.ts";
import { type IngressSettings, withLocation, withNote, withTransport } from "../settings.ts";
import { parseGoUrl } from "../values/go-url.ts";
import { documented } from "./documented.ts";

type Redirect = LocationSettings["redirect"];

/**
 * `from-to-www-redirect`, `relative-redirects`, `temporal-redirect`, `permanent-redirect` and their codes.
 * One parser reads them in this order, and an error drops all (annotations/redirect/redirect.go).
 */
export const redirect: Feature = {
  annotations: documented("Redirects", {
    Low: "from-to-www-redirect permanent-redirect-code temporal-redirect-code relative-redirects",
    Medium: "permanent-redirect temporal-redirect",
  }),
  apply: (annotations, settings) => {
    const fromToWww = annotations.boolean("from-to-www-redirect") ?? false;
    const relative = annotations.boolean("relative-redirects") ?? false;
    const redirect = temporal(annotations) ?? permanent(annotations);
    const redirected = redirect === undefined ? settings : withLocation(settings, { redirect });
    const read = { ...redirected, fromToWww };
    return relative ? withRelative(annotations, read) : read;
  },
};

/** Wins over a permanent redirect, which is not even read. */
function temporal(annotations: Annotations): Redirect {
  const annotation = "temporal-redirect";
  const location = annotations.text(annotation);
  if (location === undefined) return undefined;
  const status = code(annotations, "temporal-redirect-code", 302, 307);
  // isValidURL: anything that begins with http.
  const parsed = parseGoUrl(location);
  if ("fault" in parsed || !parsed.scheme.startsWith("http"))
    annotations.report.reject(
      annotation,
      location,
      "a URL that begins with http:// or https://",
      "ignore-group",
    );
  return { kind: "redirect", status, location, annotation };
}

function permanent(annotations: Annotations): Redirect {
  const annotation = "permanent-redirect";
  const location = annotations.text(annotation);
  const status = code(annotations, "permanent-redirect-code", 301, 308);
  return location === undefined ? undefined : { kind: "redirect", status, location, annotation };
}

function code(annotations: Annotations, name: string, usual: number, highest: number): number {
  const written = annotations.integer(name) ?? usual;
  return written < 300 || written > highest ? usual : written;
}

function withRelative(annotations: Annotations, settings: IngressSettings): IngressSettings {
  const note = `${annotations.nameOf("relative-redirects")} leaves scheme and host out of redirects to paths of this host`;
  return withNote(
    withTransport(settings, { relativeRedirects: true }),
    annotations.because("relative-redirects", note),
  );
}
