import type { Problem } from "../../../model/problem.ts";
import type { IngressPath } from "../../../model/resource.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { mindsOverlap, overlapInWords } from "../admission/overlap.ts";
import type { LocationDraft } from "../servers.ts";
import type { SettledIngress } from "../settling.ts";
import type { Namer } from "../survey/names.ts";

export function behindCanary(
  { ingress }: SettledIngress,
  path: IngressPath,
  { port, owner }: Namer,
): Problem {
  return problemOf(ingress, {
    code: "canary-backend",
    level: "error",
    lost: "route",
    field: `${path.field}.backend`,
    message: `Ingress ${ingressName(ingress)}: the path "${path.path || "/"}" is not served: its backend ${port.upstream} is that of the canary Ingress ${ingressName(owner.ingress)}, which is older, and the controller keeps it for canary traffic alone`,
    fix: "Name another Service here, or for the canary.",
  });
}

/** The webhook checks only other Ingresses' paths; a path repeated in one Ingress is ignored. */
export function duplicatePath(
  { ingress }: SettledIngress,
  rule: { readonly host: string; readonly path: IngressPath },
  { owner, path }: LocationDraft,
): Problem {
  const holder = owner?.ingress;
  const words = holder && overlapInWords(rule.host, path, holder);
  const isRefused = holder !== undefined && holder !== ingress && mindsOverlap(ingress, holder);
  const written =
    words ?? `host "${rule.host || "_"}" and path "${path}" is already defined by the controller`;
  return problemOf(ingress, {
    code: "duplicate-path",
    level: "warning",
    field: rule.path.field,
    message: `${written}: this path of ${ingressName(ingress)} is never used`,
    fix: isRefused
      ? "Remove one of the two: the oldest Ingress wins (on disk: the first file), and the admission webhook refuses the other."
      : "Remove one of the two: the first is used.",
    webhook: isRefused ? words : undefined,
  });
}

export function resourceBackend({ ingress }: SettledIngress, path: IngressPath): Problem {
  return problemOf(ingress, {
    code: "resource-backend",
    level: "warning",
    lost: "route",
    field: `${path.field}.backend`,
    message: `Ingress ${ingressName(ingress)}: ingress-nginx serves Services only: the path "${path.path}" is passed over, and its requests go to the next path that matches, else to the default backend (404)`,
    fix: "Name a Service as the backend.",
  });
}
