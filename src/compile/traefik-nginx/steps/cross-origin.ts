import type { Step } from "../../../step/step.ts";
import { CORS_DEFAULTS } from "../../ingress-nginx/annotations/cors.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { Location } from "../location.ts";

/** Origins are compared literally; lists are joined again without blanks, unchecked. */
export function corsSteps({ annotations }: Location): readonly Step[] {
  if (annotations.boolean("enable-cors") !== true) return [];
  const cors = {
    origins: listOf(annotations, "cors-allow-origin", "*"),
    patterns: [],
    methods: listOf(annotations, "cors-allow-methods", CORS_DEFAULTS.methods),
    headers: listOf(annotations, "cors-allow-headers", CORS_DEFAULTS.headers),
    exposed: listOf(annotations, "cors-expose-headers", ""),
    credentials: annotations.boolean("cors-allow-credentials") !== false,
    maxAge: annotations.integer("cors-max-age") ?? CORS_DEFAULTS.maxAge,
    varies: false,
  };
  return [
    { kind: "middleware-headers", request: [], response: [], cors, by: annotations.nameOf("enable-cors") },
  ];
}

function listOf(annotations: NginxAnnotations, name: string, usual: string): readonly string[] {
  const text = annotations.bytes(name) ?? usual;
  // An empty list has one empty item, which an absent Origin equals.
  return text === "" && usual === "" ? [] : text.split(",").map((item) => item.trim());
}
