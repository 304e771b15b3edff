import type { Problem } from "../../../model/problem.ts";
import { ingressName, problemOf } from "../../problem.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { UnusedCanary } from "../canaries.ts";
import { aliasesOf, type SharedNames } from "../shared-names.ts";

export function canaryProblems(unused: readonly UnusedCanary[]): readonly Problem[] {
  return unused.map(({ annotations: { ingress }, path, why }) =>
    problemOf(ingress, {
      code: "canary-ignored",
      level: "warning",
      field: path.field,
      message: `Ingress ${ingressName(ingress)}: its path ${path.path || "/"} is no canary of anything: ${why}`,
      fix: "Give the canary the host, path and pathType of its Ingress, and a Service of its own.",
    }),
  );
}

/** Names that an Ingress wants by `server-alias`, and another has. */
export function aliasProblems(mains: readonly NginxAnnotations[], shared: SharedNames): readonly Problem[] {
  return mains.flatMap((annotations) => {
    const own = new Set(aliasesOf(annotations, shared));
    const lost = (annotations.list("server-alias") ?? []).filter((alias) => !own.has(alias));
    return lost.map((alias) => {
      const { ingress } = annotations;
      const owner = shared.aliasOwners.get(alias.toLowerCase());
      const isHost = shared.hosts.has(alias.toLowerCase());
      const whose =
        isHost || owner === undefined
          ? "is the host of a rule"
          : `belongs to Ingress ${ingressName(owner.ingress)}`;
      return problemOf(ingress, {
        code: "alias-taken",
        level: "warning",
        field: annotations.fieldOf("server-alias"),
        message: `Ingress ${ingressName(ingress)}: the alias ${alias} ${whose}, and is not this Ingress's`,
        fix: "Remove the alias, or the Ingress with that host.",
      });
    });
  });
}
