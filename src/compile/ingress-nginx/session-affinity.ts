import type { Affinity } from "../../model/balancing.ts";
import type { Annotations, Feature } from "./annotations.ts";
import { withBalancing } from "./settings.ts";
import { sayUnused } from "./unused.ts";

/** parser/validators.go, BasicCharsRegex and URLIsValidRegex; spaces are taken out before they are asked. */
const BASIC = /^[-._~a-zA-Z0-9/: ]*$/;
const URL_CHARACTERS = /^[-._~a-zA-Z0-9/:,?&= ]*$/;

const COOKIE = [
  "session-cookie-name",
  "session-cookie-path",
  "session-cookie-domain",
  "session-cookie-samesite",
  "session-cookie-conditional-samesite-none",
  "session-cookie-secure",
  "session-cookie-expires",
  "session-cookie-max-age",
  "session-cookie-change-on-failure",
];

/** `affinity` and `session-cookie-*` (annotations/sessionaffinity/main.go): a bad value is its default. */
export const sessionAffinity: Feature = {
  annotations: ["affinity", "affinity-mode", "affinity-canary-behavior", ...COOKIE],
  apply: (annotations, settings) => {
    const sticky = option(annotations, "affinity", ["cookie"]) !== undefined;
    const mode = option(annotations, "affinity-mode", ["balanced", "persistent"]);
    const canaries = option(annotations, "affinity-canary-behavior", ["sticky", "legacy"]) ?? "sticky";
    if (!sticky) sayUnused(annotations, ["affinity-mode", ...COOKIE], "affinity: cookie");
    const cookie = sticky ? readCookie(annotations) : undefined;
    if (cookie !== undefined && settings.useRegex && cookie.path === undefined) sayPath(annotations);
    const annotation = annotations.nameOf("affinity");
    return withBalancing(settings, { affinity: { mode, cookie, annotation }, canaries });
  },
};

function option<T extends string>(
  annotations: Annotations,
  name: string,
  options: readonly T[],
): T | undefined {
  if (annotations.raw(name) === undefined) return undefined;
  const allowed = { pattern: new RegExp(`^(?:${options.join("|")})$`), what: options.join(" or ") };
  const value = annotations.text(name, { ...allowed, otherwise: "use-default" });
  return options.find((one) => one === value);
}

/** What the annotations say of the cookie itself. */
export type CookieSettings = Omit<Affinity, "mode" | "backendKey" | "locations">;

function readCookie(annotations: Annotations): CookieSettings {
  const text = (name: string, pattern: RegExp, what: string) =>
    annotations.raw(name) && annotations.text(name, { pattern, what, otherwise: "use-default" });
  return {
    cookie: text("session-cookie-name", BASIC, "the name of a cookie") ?? "INGRESSCOOKIE",
    path: text("session-cookie-path", URL_CHARACTERS, "a path"),
    domain: text("session-cookie-domain", BASIC, "a domain"),
    sameSite: sameSite(annotations),
    conditionalSameSiteNone: annotations.boolean("session-cookie-conditional-samesite-none") ?? false,
    secure: annotations.boolean("session-cookie-secure") ?? false,
    expires: seconds(annotations, "session-cookie-expires"),
    maxAge: seconds(annotations, "session-cookie-max-age"),
    changeOnFailure: annotations.boolean("session-cookie-change-on-failure") ?? false,
  };
}

/** The validator asks without regard to case, lua-resty-cookie with regard to it: it leaves `lax` out. */
function sameSite(annotations: Annotations): Affinity["sameSite"] {
  const name = "session-cookie-samesite";
  if (annotations.raw(name) === undefined) return undefined;
  const what = "Strict, Lax or None";
  const pattern = /^(?:strict|lax|none)$/i;
  const value = annotations.text(name, { pattern, what, otherwise: "use-default" });
  if (value === undefined || value === "Strict" || value === "Lax" || value === "None") return value;
  annotations.surprising(name, `the controller leaves "${value}" out of the cookie`, `Write ${what}.`);
  return undefined;
}

/** affinityCookieExpiresRegex lets `12h` through in part, and lua makes nothing of it then. */
function seconds(annotations: Annotations, name: string): number | undefined {
  const value =
    annotations.raw(name) &&
    annotations.text(name, {
      pattern: /^-?\d{1,15}$/,
      what: "a number of seconds",
      otherwise: "use-default",
    });
  return value === undefined ? undefined : Number(value);
}

function sayPath(annotations: Annotations): void {
  const what =
    "without session-cookie-path the cookie's Path is the regular expression, and no browser sends it back";
  annotations.surprising("affinity", what, "Add session-cookie-path.");
}
