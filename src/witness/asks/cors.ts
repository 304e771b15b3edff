import type { Pattern } from "../../model/pattern.ts";
import type { Route } from "../../model/route.ts";
import { oncePer } from "../../once-per.ts";
import { samplesOf } from "../../pcre/samples.ts";
import type { CorsStep } from "../../step/cors.ts";
import type { Asked, Variation } from "../variation.ts";

const STRANGER = "https://stranger.example";

/** Some controllers answer every OPTIONS, others ask what for. */
const NO_PREFLIGHT: Variation = {
  shows: `OPTIONS from ${STRANGER}, which asks for no method`,
  method: "OPTIONS",
  headers: [["Origin", STRANGER]],
};

export function corsOf({ steps }: Route): CorsStep | undefined {
  return steps.find((step) => step.kind === "cors");
}

const originsOf = oncePer((pattern: Pattern): readonly string[] => {
  const { matching, missing } = samplesOf(pattern);
  return [...matching.slice(0, 6), ...missing.slice(0, 1)].filter((text) => !/[\x00-\x20\x7f]/.test(text));
});

/** Origins, each with a request and with its preflight. */
export function corsAsked(routes: readonly Route[]): readonly Asked[] {
  const steps = routes.map(corsOf).filter((step) => step !== undefined);
  if (steps.length === 0) return [];
  const named = steps.flatMap(({ origins }) => (typeof origins === "object" ? originsOf(origins) : []));
  const values = [...new Set([...named, STRANGER])].flatMap(asOrigin);
  return [{ mode: "crossed", values: [...values, NO_PREFLIGHT] }];
}

function asOrigin(origin: string): readonly Variation[] {
  return [
    { shows: `with Origin: ${origin}`, headers: [["Origin", origin]] },
    {
      shows: `a preflight from ${origin}`,
      method: "OPTIONS",
      headers: [
        ["Origin", origin],
        ["Access-Control-Request-Method", "PUT"],
      ],
    },
  ];
}
