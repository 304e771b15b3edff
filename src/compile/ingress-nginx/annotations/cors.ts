import type { HeaderLine } from "../../../model/decision.ts";
import { compilePattern } from "../../../pcre/pattern.ts";
import type { CorsStep } from "../../../step/cors.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withLocation, withNote } from "../settings.ts";
import { corsOriginRegex } from "../validators/patterns.ts";
import { sayUnused } from "../values/unused.ts";
import { documented } from "./documented.ts";

/** Defaults of the companions of `enable-cors`. */
export const CORS_DEFAULTS = {
  methods: "GET, PUT, POST, DELETE, PATCH, OPTIONS",
  headers:
    "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization",
  /** Twenty days. unit: s */
  maxAge: 1_728_000,
} as const;

/** Annotations that count beside `enable-cors` alone. */
export const CORS_COMPANIONS = [
  "cors-allow-origin",
  "cors-allow-methods",
  "cors-allow-headers",
  "cors-allow-credentials",
  "cors-expose-headers",
  "cors-max-age",
];

/** `enable-cors` and its companions (annotations/cors/main.go). Bad values are only ignored. */
export const cors: Feature = {
  annotations: documented("CORS", {
    Low: "enable-cors cors-allow-credentials cors-max-age",
    Medium: "cors-allow-origin cors-allow-methods cors-allow-headers cors-expose-headers",
  }),
  apply: (annotations, settings) => {
    if (annotations.boolean("enable-cors") !== true) {
      sayUnused(annotations, CORS_COMPANIONS, 'enable-cors: "true"');
      return settings;
    }
    const annotation = annotations.nameOf("enable-cors");
    const origins = readOrigins(annotations);
    const made: CorsStep = {
      kind: "cors",
      origins: origins.allowed,
      headers: companionHeaders(annotations),
      annotation,
    };
    const note = `${annotation} sets Access-Control-Allow-Origin and its companions for ${origins.inWords}`;
    return withNote(withLocation(settings, { cors: made }), annotations.because("enable-cors", note));
  },
};

interface Origins {
  readonly allowed: CorsStep["origins"];
  readonly inWords: string;
}

const ANY: Origins = { allowed: "any", inWords: "every origin" };

/** A refused list, and any `*`, allow all. Other non-origins are skipped, even if none is left. */
function readOrigins(annotations: Annotations): Origins {
  const name = "cors-allow-origin";
  const list = annotations.text(name);
  if (list === undefined) {
    if (annotations.has(name)) {
      const what = "without a list that is taken the controller allows every origin";
      annotations.report.surprising(
        name,
        what,
        "Write a comma-separated list of origins, as in https://shop.test.",
      );
    }
    return ANY;
  }
  const kept: string[] = [];
  for (const origin of list.split(",").map((entry) => entry.trim())) {
    if (origin === "*") return ANY;
    if (origin === "") continue;
    if (corsOriginRegex.test(origin)) kept.push(origin);
    else annotations.report.reject(name, origin, "an origin such as https://shop.test", "use-default");
  }
  const compiled = kept.length === 0 ? undefined : compilePattern(originPattern(kept), "anywhere");
  return compiled?.kind === "compiled"
    ? { allowed: compiled.pattern, inWords: `requests whose Origin is ${kept.join(" or ")}` }
    : { allowed: "none", inWords: "no origin" };
}

/** template.go, buildCorsOriginRegex and buildOriginRegex: anchored only at the end; `*` is one label. */
function originPattern(origins: readonly string[]): string {
  const quoted = origins.map((origin) => {
    const literal = origin.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return `(${literal.replace("\\*", "[A-Za-z0-9\\-]+")})`;
  });
  return `(${quoted.join("|")})$`;
}

function companionHeaders(annotations: Annotations): readonly HeaderLine[] {
  const credentials = annotations.boolean("cors-allow-credentials") ?? true;
  const exposed = annotations.text("cors-expose-headers");
  const lines: (HeaderLine | undefined)[] = [
    credentials ? ["Access-Control-Allow-Credentials", "true"] : undefined,
    ["Access-Control-Allow-Methods", annotations.text("cors-allow-methods") ?? CORS_DEFAULTS.methods],
    ["Access-Control-Allow-Headers", annotations.text("cors-allow-headers") ?? CORS_DEFAULTS.headers],
    exposed === undefined ? undefined : ["Access-Control-Expose-Headers", exposed],
    ["Access-Control-Max-Age", String(annotations.integer("cors-max-age") ?? CORS_DEFAULTS.maxAge)],
  ];
  return lines.filter((line) => line !== undefined);
}
