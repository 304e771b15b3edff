import type { Problem } from "../../../model/problem.ts";
import { ingressName, problemOf } from "../../problem.ts";
import type { Router } from "./router.ts";

/** Entry points that objects name beside those that Traefik has; a router that has none of its own is lost. */
export function unknownEntryPoints(
  routers: readonly Router[],
  known: ReadonlySet<string>,
): readonly Problem[] {
  const told = new Set<Router["owner"]>();
  return routers.flatMap(({ owner, entryPoints }) => {
    const unknown = entryPoints.filter((name) => !known.has(name));
    const isServed = unknown.length > 0 && unknown.length < entryPoints.length;
    if (owner === undefined || !isServed || told.has(owner)) return [];
    told.add(owner);
    return [
      problemOf(owner, {
        code: "broken-reference",
        level: "warning",
        field: owner.kind === "Ingress" ? ENTRY_POINTS : "spec.entryPoints",
        message: `${owner.kind} ${ingressName(owner)} names the entry point ${unknown.join(", ")}, and Traefik has none of that name (it has ${[...known].join(", ")}). It is served at the others`,
        fix: "Correct the name, or add the entry point to Traefik's flags.",
      }),
    ];
  });
}

const ENTRY_POINTS = "metadata.annotations[traefik.ingress.kubernetes.io/router.entrypoints]";
