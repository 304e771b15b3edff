import type { Affinity } from "../../../model/route/balancing.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withBalancing } from "../settings.ts";
import { sayUnused } from "../values/unused.ts";
import { documented } from "./documented.ts";

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

/** `affinity` and `session-cookie-*` (annotations/sessionaffinity/main.go). Bad values become the default. */
export const sessionAffinity: Feature = {
  annotations: documented("Session affinity", {
    Low: "affinity affinity-canary-behavior session-cookie-samesite session-cookie-conditional-samesite-none session-cookie-secure session-cookie-change-on-failure",
    Medium:
      "affinity-mode session-cookie-name session-cookie-path session-cookie-domain session-cookie-expires session-cookie-max-age",
  }),
  apply: (annotations, settings) => {
    const sticky = option(annotations, "affinity", ["cookie"]) !== undefined;
    const mode = option(annotations, "affinity-mode", ["balanced", "persistent"]);
    const canaries = option(annotations, "affinity-canary-behavior", ["sticky", "legacy"]) ?? "sticky";
    if (!sticky) sayUnused(annotations, ["affinity-mode", ...COOKIE], "affinity: cookie");
    const cookie = sticky ? readCookie(annotations) : undefined;
    if (cookie !== undefined && settings.useRegex && cookie.path === undefined) sayPath(annotations);
    const isUsual = canaries === settings.balancing.canaries;
    if (mode === undefined && cookie === undefined && isUsual) return settings;
    const annotation = annotations.nameOf("affinity");
    return withBalancing(settings, {
      affinity: { mode, cookie, annotation, at: annotations.placeOf("affinity") },
      canaries,
    });
  },
};

function option<T extends string>(
  annotations: Annotations,
  name: string,
  options: readonly T[],
): T | undefined {
  const value = annotations.text(name);
  return options.find((option) => option === value);
}

export type CookieSettings = Omit<Affinity, "mode" | "backendKey" | "locations">;

function readCookie(annotations: Annotations): CookieSettings {
  return {
    cookie: annotations.text("session-cookie-name") ?? "INGRESSCOOKIE",
    path: annotations.text("session-cookie-path"),
    domain: annotations.text("session-cookie-domain"),
    sameSite: sameSite(annotations),
    conditionalSameSiteNone: annotations.boolean("session-cookie-conditional-samesite-none") ?? false,
    secure: annotations.boolean("session-cookie-secure") ?? false,
    expires: seconds(annotations, "session-cookie-expires"),
    maxAge: seconds(annotations, "session-cookie-max-age"),
    changeOnFailure: annotations.boolean("session-cookie-change-on-failure") ?? false,
  };
}

/** The validator ignores case, lua-resty-cookie does not: it leaves out `lax`. */
function sameSite(annotations: Annotations): Affinity["sameSite"] {
  const name = "session-cookie-samesite";
  const value = annotations.text(name);
  if (value === undefined || value === "Strict" || value === "Lax" || value === "None") return value;
  const fix = "Write Strict, Lax or None.";
  annotations.report.surprising(name, `the controller leaves "${value}" out of the cookie`, fix);
  return undefined;
}

/** Numbers of Lua's `tonumber`: decimal, or hexadecimal. */
const LUA_NUMBER = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|0x[\da-f]+)$/i;

/** The validator accepts `x12` and `0h`, which are no Lua numbers: the attribute is left out. */
function seconds(annotations: Annotations, name: string): number | undefined {
  const value = annotations.text(name);
  if (value === undefined) return undefined;
  if (LUA_NUMBER.test(value)) return Number(value);
  const what = `"${value}" is no number, and the controller leaves it out of the cookie`;
  annotations.report.surprising(name, what, "Write a number of seconds.");
  return undefined;
}

function sayPath(annotations: Annotations): void {
  const what =
    "without session-cookie-path the cookie's Path is the regular expression, and no browser sends it back";
  annotations.report.surprising("affinity", what, "Add session-cookie-path.");
}
