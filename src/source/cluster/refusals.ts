import { CODES } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { ClusterKind } from "./kinds.ts";
import type { Reflector, Standing } from "./reflector.ts";

/** The name of a kind in RBAC rules and `kubectl auth can-i`: `ingresses.networking.k8s.io`. */
function qualified({ plural, versions }: ClusterKind): string {
  const [version = ""] = versions;
  return version.includes("/") ? `${plural}.${version.slice(0, version.indexOf("/"))}` : plural;
}

function verbsOf(standing: Extract<Standing, { readonly kind: "refused" }>): string {
  return standing.verb === "get" ? "get" : standing.verb === "watch" ? "watch" : "list,watch";
}

function forbidden(reflector: Reflector, standing: Extract<Standing, { readonly kind: "refused" }>): Problem {
  const { kind, namespace } = reflector;
  const name = qualified(kind);
  const [clusterwide, place] = namespace === undefined ? ["cluster", ""] : ["", ` -n ${namespace}`];
  const consequence = standing.verb === "watch" ? "changes are seen late" : kind.without;
  const role = `kubectl create ${clusterwide}role ingress-dev-${kind.plural} --verb=${verbsOf(standing)} --resource=${name}${place}`;
  const scope =
    kind.scope === "cluster" || namespace === undefined ? "" : " (or name other namespaces with -n)";
  return {
    code: "cluster-forbidden",
    level: kind.missing,
    message: `${standing.fault.message}; ${consequence}`,
    fix: `${CODES["cluster-forbidden"]} As an administrator: ${role}, and bind it to the user${scope}.`,
  };
}

function absent({ kind }: Reflector): Problem {
  return {
    code: "cluster-without-kind",
    level: kind.missing,
    message: `The cluster has no ${kind.plural} (${kind.versions.join(", ")}); ${kind.without}.`,
    fix: CODES["cluster-without-kind"],
  };
}

export function refusals(reflectors: readonly Reflector[]): readonly Problem[] {
  return reflectors.flatMap((reflector) => {
    const standing = reflector.standing();
    if (standing.kind !== "refused") return [];
    return [standing.fault.kind === "absent" ? absent(reflector) : forbidden(reflector, standing)];
  });
}
