import type { Annotations, Feature } from "./annotations.ts";

/** annotations/parser/validators.go, URLIsValidRegex: no `$`, `%` or `#`, so `https://x$request_uri` is refused. */
const URL_CHARACTERS = /^[-._~a-zA-Z0-9/:,?&=]*$/;

interface Kind {
  readonly annotation: string;
  readonly code: string;
  readonly status: number;
  readonly highest: number;
}

/** In this order: a temporal redirect wins over a permanent one (annotations/redirect/redirect.go). */
const KINDS: readonly Kind[] = [
  { annotation: "temporal-redirect", code: "temporal-redirect-code", status: 302, highest: 307 },
  { annotation: "permanent-redirect", code: "permanent-redirect-code", status: 301, highest: 308 },
];

/** `permanent-redirect`, `temporal-redirect` and their codes. */
export const redirect: Feature = {
  annotations: KINDS.flatMap(({ annotation, code }) => [annotation, code]),
  apply: (annotations, settings) => {
    for (const kind of KINDS) {
      const location = url(annotations, kind.annotation);
      const code = annotations.integer(kind.code, "refuse-ingress") ?? kind.status;
      if (location === undefined) continue;
      const status = code < 300 || code > kind.highest ? kind.status : code;
      const { annotation } = kind;
      return { ...settings, route: { ...settings.route, redirect: { status, location, annotation } } };
    }
    return settings;
  },
};

function url(annotations: Annotations, name: string): string | undefined {
  const what = "a URL of letters, digits and -._~/:,?&= (no $, % or #)";
  const value = annotations.text(name, { pattern: URL_CHARACTERS, what, otherwise: "refuse-ingress" });
  // Go: strings.HasPrefix(u.Scheme, "http").
  if (value === undefined || /^http[-+.a-z0-9]*:/i.test(value)) return value;
  annotations.reject(name, value, "a URL that begins with http:// or https://", "use-default");
  return undefined;
}
