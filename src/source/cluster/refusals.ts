import { counted } from "../../counted.ts";
import { CODES } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { KindsStanding } from "./custom/follow-kinds.ts";
import type { ClusterKind } from "./kinds.ts";
import type { Reflector, Standing } from "./reflector.ts";

type Refusal = Extract<Standing, { readonly kind: "refused" }>;

interface Refused {
  readonly reflector: Reflector;
  readonly standing: Refusal;
}

/** The name of a kind in RBAC rules and `kubectl auth can-i`: `ingresses.networking.k8s.io`. */
function qualified({ plural, versions }: ClusterKind): string {
  const [version = ""] = versions;
  return version.includes("/") ? `${plural}.${version.slice(0, version.indexOf("/"))}` : plural;
}

function verbsOf(standing: Refusal): string {
  return standing.verb === "get" ? "get" : standing.verb === "watch" ? "watch" : "list,watch";
}

/** One line for those that are told together. */
function forbidden([{ reflector, standing }, ...others]: readonly [Refused, ...Refused[]]): Problem {
  const { kind, namespace } = reflector;
  const names = [
    ...new Set([reflector, ...others.map((each) => each.reflector)].map((each) => qualified(each.kind))),
  ];
  const [clusterwide, place] = namespace === undefined ? ["cluster", ""] : ["", ` -n ${namespace}`];
  const consequence = standing.verb === "watch" ? "changes are seen late" : kind.without;
  const role = `ingress-dev-${(names.length > 1 && kind.toldWith) || kind.plural}`;
  const create = `kubectl create ${clusterwide}role ${role} --verb=${verbsOf(standing)} --resource=${names.join(",")}${place}`;
  const scope =
    kind.scope === "cluster" || namespace === undefined ? "" : " (or name other namespaces with -n)";
  const more = names.length === 1 ? "" : ` (and ${counted(names.length - 1, "other kind")} alike)`;
  return {
    code: "cluster-forbidden",
    level: kind.missing,
    message: `${standing.fault.message}${more}; ${consequence}`,
    fix: `${CODES["cluster-forbidden"]} As an administrator: ${create}, and bind it to the user${scope}.`,
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

type KindsCode = Extract<keyof typeof CODES, "cluster-forbidden" | "cluster-without-kind">;

function ofKinds(code: KindsCode, message: string): Problem {
  return { code, level: "warning", message, fix: CODES[code] };
}

function problemsOfKinds({ unread, fault, known }: KindsStanding): readonly Problem[] {
  const problems: Problem[] = [];
  if (fault !== undefined) {
    const code = known && fault.kind === "forbidden" ? "cluster-forbidden" : "cluster-without-kind";
    const consequence = known ? "new ones are not served" : "none is served";
    problems.push(
      ofKinds(
        code,
        `${fault.message}; which kinds of controllers the cluster has is not known, and ${consequence}`,
      ),
    );
  }
  if (unread.length > 0) {
    const message = `The cluster has ${unread.join(", ")} alone, which is not read; what they say is not served.`;
    problems.push(ofKinds("cluster-without-kind", message));
  }
  return problems;
}

export function refusals(reflectors: readonly Reflector[], kinds: KindsStanding): readonly Problem[] {
  const problems: Problem[] = [];
  const together = new Map<string, [Refused, ...Refused[]]>();
  for (const reflector of reflectors) {
    const standing = reflector.standing();
    if (standing.kind !== "refused") continue;
    const refused = { reflector, standing };
    const { toldWith, absence } = reflector.kind;
    if (standing.fault.kind === "absent") {
      if (absence !== "usual") problems.push(absent(reflector));
    } else if (toldWith === undefined) problems.push(forbidden([refused]));
    else {
      const key = `${toldWith} ${standing.verb} ${reflector.namespace ?? ""}`;
      const known = together.get(key);
      if (known === undefined) together.set(key, [refused]);
      else known.push(refused);
    }
  }
  return [...problems, ...[...together.values()].map(forbidden), ...problemsOfKinds(kinds)];
}
