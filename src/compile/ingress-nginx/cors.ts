import { compilePattern } from "../../match/pattern.ts";
import type { HeaderLine } from "../../model/decision.ts";
import type { CorsSettings } from "../../model/settings/cors.ts";
import type { Annotations, Feature } from "./annotations.ts";
import { withNote } from "./settings.ts";
import { sayUnused } from "./unused.ts";

const METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
const HEADERS =
  "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";
/** Seconds: twenty days. */
const MAX_AGE = 1_728_000;

/**
 * What the whole list is written with (cors/main.go, corsOriginRegexValidator, spaces taken out before): its groups repeat
 * each other, so these are the pieces that they come to.
 */
const ORIGIN_LIST = /^(?:(?: |[-A-Za-z0-9.,]|: *\d|\* *\.|(?<=[a-z] *): *\/ *\/)*|\*)$/;
/** One origin (corsOriginRegex). */
const ORIGIN = /^(?:[a-z]+:\/\/(?:\*\.)?[-A-Za-z0-9.]*(?::\d+)?|\*|null)?$/;
/** corsMethodsRegex and corsExposeHeadersRegex, written so that they do not backtrack. */
const METHOD_LIST = /^[A-Za-z]+(?:(?:,\s?|\s)[A-Za-z]+)*(?:,\s?|\s)?$/;
const EXPOSED_LIST = /^[\w*-]+(?:(?:,\s?|\s)[\w*-]+)*(?:,\s?|\s)?$/;
/** parser/validators.go, HeadersVariable. */
const HEADER_LIST = /^[A-Za-z0-9\-_, ]*$/;

const COMPANIONS = [
  "cors-allow-origin",
  "cors-allow-methods",
  "cors-allow-headers",
  "cors-allow-credentials",
  "cors-expose-headers",
  "cors-max-age",
];

/** `enable-cors` and its companions (annotations/cors/main.go). A bad value is never more than ignored. */
export const cors: Feature = {
  annotations: ["enable-cors", ...COMPANIONS],
  apply: (annotations, settings) => {
    if (annotations.boolean("enable-cors") !== true) {
      sayUnused(annotations, COMPANIONS, 'enable-cors: "true"');
      return settings;
    }
    const annotation = annotations.nameOf("enable-cors");
    const origins = readOrigins(annotations);
    const made: CorsSettings = {
      origins: origins.allowed,
      headers: companionHeaders(annotations),
      annotation,
    };
    const note = `${annotation} sets Access-Control-Allow-Origin and its companions for ${origins.inWords}`;
    return withNote({ ...settings, route: { ...settings.route, cors: made } }, note);
  },
};

interface Origins {
  readonly allowed: CorsSettings["origins"];
  readonly inWords: string;
}

const ANY: Origins = { allowed: "any", inWords: "every origin" };

/** A list that is refused, and a `*` anywhere in it, allow all; what is no origin is skipped, and may leave none. */
function readOrigins(annotations: Annotations): Origins {
  const name = "cors-allow-origin";
  if (annotations.raw(name) === undefined) return ANY;
  const what = "a comma-separated list of origins, as in https://shop.test, https://*.shop.test:8443";
  const list = annotations.text(name, { pattern: ORIGIN_LIST, what, otherwise: "use-default" });
  if (list === undefined) {
    annotations.surprising(
      name,
      "without a list that is taken the controller allows every origin",
      `Write ${what}.`,
    );
    return ANY;
  }
  const kept: string[] = [];
  for (const origin of list.split(",").map((one) => one.trim())) {
    if (origin === "*") return ANY;
    if (origin === "") continue;
    if (ORIGIN.test(origin)) kept.push(origin);
    else annotations.reject(name, origin, "an origin such as https://shop.test", "use-default");
  }
  const compiled = kept.length === 0 ? undefined : compilePattern(originPattern(kept), "anywhere");
  return compiled?.kind === "compiled"
    ? { allowed: compiled.pattern, inWords: `requests whose Origin is ${kept.join(" or ")}` }
    : { allowed: "none", inWords: "no origin" };
}

/** template.go, buildCorsOriginRegex and buildOriginRegex: anchored at the end alone; `*` is one label. */
function originPattern(origins: readonly string[]): string {
  const quoted = origins.map((origin) => {
    const literal = origin.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return `(${literal.replace("\\*", "[A-Za-z0-9\\-]+")})`;
  });
  return `(${quoted.join("|")})$`;
}

function companionHeaders(annotations: Annotations): readonly HeaderLine[] {
  const list = (name: string, pattern: RegExp) =>
    annotations.raw(name) &&
    annotations.text(name, { pattern, what: "a comma-separated list", otherwise: "use-default" });
  const credentials = annotations.boolean("cors-allow-credentials") ?? true;
  const exposed = list("cors-expose-headers", EXPOSED_LIST);
  const lines: (HeaderLine | undefined)[] = [
    credentials ? ["Access-Control-Allow-Credentials", "true"] : undefined,
    ["Access-Control-Allow-Methods", list("cors-allow-methods", METHOD_LIST) ?? METHODS],
    ["Access-Control-Allow-Headers", list("cors-allow-headers", HEADER_LIST) ?? HEADERS],
    exposed === undefined ? undefined : ["Access-Control-Expose-Headers", exposed],
    ["Access-Control-Max-Age", String(annotations.integer("cors-max-age", "use-default") ?? MAX_AGE)],
  ];
  return lines.filter((line) => line !== undefined);
}
