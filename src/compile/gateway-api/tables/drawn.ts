import type { Problem } from "../../../model/problem.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { refOf } from "../../route.ts";
import type { EntryPlace } from "../rules/order.ts";

/** Routes with one match on a host whose ages nobody knows, once for each two of them. `told`: those told before */
export function drawnProblems(
  places: readonly EntryPlace[],
  host: string,
  told: Set<string>,
): readonly Problem[] {
  return places.flatMap(([first, ...others]) =>
    others.flatMap(({ owner, route }) => {
      const pair = `${host} ${ingressName(first.owner)} ${owner.kind} ${ingressName(owner)}`;
      if (told.has(pair)) return [];
      told.add(pair);
      const { file, line } = refOf(first.owner, "spec.rules");
      const place = `${file}${line === 0 ? "" : `:${line}`}`;
      const where = host === "*" ? "every host" : `host ${host}`;
      return problemOf(owner, {
        ...{ code: "ambiguous-route", level: "warning", field: "spec.rules" },
        message: `${owner.kind} ${ingressName(owner)} and ${ingressName(first.owner)} (${place}) have the same match on ${where} (${route.inWords?.match ?? ""}). Envoy Gateway serves the one that was created first, which these files do not tell. Here it is ${ingressName(first.owner)}, by its name.`,
        fix: "Remove one of the two, or let one of them match more: a longer path, a header.",
      });
    }),
  );
}
