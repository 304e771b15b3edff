import type { Problem } from "../../../model/problem.ts";
import type { VirtualHost } from "../../../model/route/selection.ts";
import { guardsAmong } from "../../../step/guard.ts";
import { eachInSteps, type Steps } from "../../../steps.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { findBy, sampleFor } from "../../shared/sample-match.ts";
import { rulesInWords } from "../location.ts";
import type { LostRouter } from "../routers.ts";

/** Annotations that keep somebody out. */
const GUARDS = [
  "auth-type",
  "auth-url",
  "allowlist-source-range",
  "whitelist-source-range",
  "limit-rps",
  "limit-rpm",
  "limit-connections",
];

/** A router that cannot be built is missing, and a shorter rule may answer without its guards. */
export function* lostProblems(lost: readonly LostRouter[], host: VirtualHost): Steps<readonly Problem[]> {
  const told = new Set<string>();
  const problems: Problem[] = [];
  yield* eachInSteps(lost, (router) => {
    const { location, why, annotation } = router;
    const { annotations, path } = location;
    const { ingress } = annotations;
    const field =
      annotation === undefined ? (path?.field ?? "spec.defaultBackend") : annotations.fieldOf(annotation);
    const because = annotation === undefined || why.includes(annotation) ? why : `${annotation}: ${why}`;
    const open = openedBy(router, host);
    // One annotation spoils every path of its Ingress.
    const key = `${ingressName(ingress)} ${field} ${why} ${open?.answering ?? ""}`;
    if (annotation !== undefined && told.has(key)) return;
    told.add(key);
    const what = annotation === undefined ? rulesInWords(location) : "its routers";
    const goes =
      open === undefined
        ? "Requests go to the next shorter rule, or get 404"
        : `Requests of ${rulesInWords(location)} go to ${open.answering}, without ${open.guard}`;
    problems.push(
      problemOf(ingress, {
        code: open === undefined ? "route-lost" : "guard-lost",
        level: "error",
        field,
        message: `Ingress ${ingressName(ingress)}: ${because}: Traefik leaves out ${what}, and says so in its log alone. ${goes}`,
        fix: "Correct what the message names.",
        lost: open === undefined ? "route" : "guard",
      }),
    );
  });
  return problems;
}

/** The router that answers in place of a guarded one, and has no guard itself. */
function openedBy(
  { location, match }: LostRouter,
  host: VirtualHost,
): { readonly guard: string; readonly answering: string } | undefined {
  const guard = GUARDS.find((name) => location.annotations.has(name));
  if (guard === undefined || match === undefined) return undefined;
  const found = findBy(sampleFor(match), host);
  const route =
    found?.kind === "route" ? found.route : found?.kind === "one-of" ? found.entries[0].route : undefined;
  if (route?.inWords === undefined) return undefined;
  const [other] = [...guardsAmong(route.steps)];
  return other === undefined ? { guard, answering: `router ${route.inWords.name}` } : undefined;
}
