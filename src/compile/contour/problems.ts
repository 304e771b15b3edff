import type { Problem } from "../../model/problem.ts";
import type { ConfigMap } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import { envoyPathInWords } from "./draft.ts";
import type { Drawn } from "./hosts.ts";
import type { LostPath } from "./ingresses.ts";
import type { ContourSettings } from "./settings.ts";

export function lostProblem({ ingress, field, what, why }: LostPath): Problem {
  return problemOf(ingress, {
    ...{ code: "route-lost", level: "warning", field, lost: "route" },
    message: `Ingress ${ingressName(ingress)}: Contour makes no route of ${what}: ${why}. Its requests fall to the next shorter path of the host, or get 404.`,
    fix: "Correct what the message names.",
  });
}

/** Said of the last one, which comes second here. */
export function drawnProblem({ what, host, drafts }: Drawn): Problem {
  const [first] = drafts;
  const last = drafts.at(-1) ?? first;
  const { owner } = last;
  const others = drafts.slice(0, -1).map(({ owner: { metadata, origin }, route }) => {
    const line = route.ingress?.line ?? 0;
    return `${ingressName({ metadata })} (${origin.file}${line === 0 ? "" : `:${line}`})`;
  });
  const shown = `${owner.kind} ${ingressName(owner)} and ${others.join(" and ")}`;
  const where = `on host ${host} (${envoyPathInWords(last.path)})`;
  if (what === "their order")
    return problemOf(owner, {
      ...{ code: "ambiguous-route", level: "warning", field: fieldOf(last) },
      message: `${shown} have routes of one path ${where} whose conditions have no order. For a request that meets both, Contour draws which comes first at each rebuild. Here it is the first.`,
      fix: "Let one of them have a longer path, or one more condition.",
    });
  return problemOf(owner, {
    ...{ code: "ambiguous-route", level: "warning" },
    field: fieldOf(last),
    message: `${shown} have a route of the same key ${where}. Contour keeps one of them, drawn anew at each rebuild; age and name do not count. Here it is the first.`,
    fix: "Remove one of the two, or let one of them match a longer path.",
  });
}

function fieldOf({ owner, route }: Drawn["drafts"][number]): string {
  if (owner.kind !== "Ingress") return "spec";
  const { rules } = owner.spec;
  for (const { host, paths = [] } of rules)
    for (const { path, pathType, field } of paths)
      if (host === route.rule?.host && path === route.rule.path && pathType === route.rule.pathType)
        return field;
  return route.rule === undefined ? "spec.defaultBackend" : "spec.rules";
}

export function unreadContourFile(map: ConfigMap, why: string): Problem {
  return problemOf(map, {
    ...{ code: "option-ignored", level: "warning", field: "data[contour.yaml]" },
    message: `ConfigMap ${ingressName(map)}: contour.yaml is not read here: ${why}. Contour's defaults apply.`,
    fix: "Write it in plain YAML.",
  });
}

/** `globalExtAuth` and zstd. */
export function settingProblems(
  map: ConfigMap,
  { compression, authorization }: Pick<ContourSettings, "compression" | "authorization">,
): readonly Problem[] {
  const said = [
    ...(compression === "zstd"
      ? ["compression.algorithm zstd is not done here: answers are sent as they are"]
      : []),
    ...(authorization === "for all"
      ? [
          "the service of globalExtAuth is not asked here: nobody is let in (403) but where authPolicy is disabled",
        ]
      : []),
  ];
  return said.map((what) =>
    problemOf(map, {
      ...{ code: "option-ignored", level: "warning", field: "data[contour.yaml]" },
      message: `ConfigMap ${ingressName(map)}: ${what}.`,
      fix: "Expect the cluster to act on it; ingress-dev does not.",
    }),
  );
}
