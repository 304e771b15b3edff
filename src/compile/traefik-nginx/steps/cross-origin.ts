import type { Step } from "../../../step/step.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { Location } from "../location.ts";

/** ingress-nginx's defaults. */
const METHODS = "GET,PUT,POST,DELETE,PATCH,OPTIONS";
const HEADERS =
  "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";
const MAX_AGE_S = 1_728_000;

/** Origins are compared literally; lists are joined again without blanks, unchecked. */
export function corsSteps({ annotations }: Location): readonly Step[] {
  if (annotations.boolean("enable-cors") !== true) return [];
  const cors = {
    origins: listOf(annotations, "cors-allow-origin", "*"),
    patterns: [],
    methods: listOf(annotations, "cors-allow-methods", METHODS),
    headers: listOf(annotations, "cors-allow-headers", HEADERS),
    exposed: listOf(annotations, "cors-expose-headers", ""),
    credentials: annotations.boolean("cors-allow-credentials") !== false,
    maxAge: annotations.integer("cors-max-age") ?? MAX_AGE_S,
    varies: false,
  };
  return [
    { kind: "middleware-headers", request: [], response: [], cors, by: annotations.nameOf("enable-cors") },
  ];
}

function listOf(annotations: NginxAnnotations, name: string, usual: string): readonly string[] {
  const text = annotations.text(name) ?? usual;
  // An empty list has one empty item, which an absent Origin equals.
  return text === "" && usual === "" ? [] : text.split(",").map((item) => item.trim());
}
