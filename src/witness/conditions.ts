import type { Condition, RouteEntry, TextTest, VirtualHost } from "../model/route/selection.ts";
import { oncePer } from "../once-per.ts";
import { samplesOf } from "../pcre/samples.ts";
import { clientsOf } from "./asks/clients.ts";
import { combined, PLAIN_GET, type Variation } from "./variation.ts";

/** Of one host. */
const MOST_CONDITIONS = 64;

/** Requests for which the conditions of a host's entries hold, or one of their parts does. */
export const conditionsOf = oncePer((host: VirtualHost): readonly Variation[] => {
  const found = new Map<string, Variation>();
  for (const { match } of host.entries) {
    if (match.when === undefined) continue;
    for (const variation of [fulfilling(match.when), ...partsOf(match.when)])
      if (variation.shows !== "" && found.size < MOST_CONDITIONS) found.set(variation.shows, variation);
  }
  return [...found.values()];
});

export function hasConditions({ entries }: { readonly entries: readonly RouteEntry[] }): boolean {
  return entries.some(({ match }) => match.when !== undefined);
}

function fulfilling(condition: Condition): Variation {
  switch (condition.kind) {
    case "all":
      return condition.of.map(fulfilling).reduce(combined, PLAIN_GET);
    case "one-of":
      return condition.of.map(fulfilling)[0] ?? PLAIN_GET;
    default:
      return partsOf(condition)[0] ?? PLAIN_GET;
  }
}

function partsOf(condition: Condition): readonly Variation[] {
  switch (condition.kind) {
    case "all":
    case "one-of":
      return condition.of.flatMap(partsOf);
    case "not":
      return partsOf(condition.of);
    case "method":
      return [...condition.methods].map((method) => ({ shows: `by ${method}`, method }));
    case "header":
      if (condition.name === ":authority") return [];
      if (condition.name === ":method")
        return textsOf(condition.value).map((method) => ({ shows: `by ${method}`, method }));
      return textsOf(condition.value).map((text) => ({
        shows: `with ${condition.name}: ${text}`,
        headers: [[condition.name, text]],
      }));
    case "query":
      return textsOf(condition.value).map((text) => {
        const query = `${encodeURIComponent(condition.name)}=${encodeURIComponent(text)}`;
        return { shows: `with the query ${query}`, query };
      });
    case "from":
      return clientsOf([condition.addresses]);
    case "host":
    case "path":
      return [];
  }
}

/** One that passes comes first. */
function textsOf(test: TextTest): readonly string[] {
  switch (test.kind) {
    case "present":
      return ["any"];
    case "is":
      return [test.text, `${test.text}x`];
    case "starts":
      return [`${test.text}x`, `x${test.text}`];
    case "ends":
      return [`x${test.text}`, `${test.text}x`];
    case "contains":
      return [`x${test.text}x`, "any"];
    case "pattern": {
      const { matching, missing } = samplesOf(test.pattern);
      return [...matching.slice(0, 3), ...missing.slice(0, 2)].filter(
        (text) => !/[\x00-\x1f\x7f]/.test(text),
      );
    }
  }
}
