import type { RequestFacts } from "../../model/decision.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress, IngressPath } from "../../model/resource.ts";
import { hostNameOf, wildcardOf } from "../../request/host.ts";
import { textAsBytes } from "../../request/utf8.ts";
import { coversPath } from "../../select/path.ts";
import { planeFor } from "../../select/table.ts";
import type { Routing } from "../routing.ts";
import type { NearLine } from "./near-lines.ts";

/** Rules that would get a request, if their Ingress were served. */
export function unservedRules(facts: RequestFacts, routing: Routing): readonly NearLine[] {
  const { table, reading, problems } = routing;
  const path = planeFor(table, facts).readPath(facts.target)?.path;
  if (path === undefined) return [];
  const name = hostNameOf(table, facts);
  const hosts = new Set(["", name, wildcardOf(name)]);
  const served = new Set(table.routes.map(({ ingress }) => `${ingress?.namespace}/${ingress?.name}`));
  return reading.snapshot.ingresses
    .filter((ingress) => !served.has(nameOf(ingress)))
    .flatMap((ingress) => {
      const cause = problems.find((problem) => isCause(problem, ingress));
      if (cause === undefined) return [];
      const rules = ingress.spec.rules.filter(({ host }) => hosts.has(host.toLowerCase()));
      return rules.flatMap(({ host, paths = [] }) =>
        paths
          .filter((written) => coversPath(matchOf(written), path) === true)
          .map((written) => ({
            ingress: nameOf(ingress),
            rule: { host, path: written.path, pathType: written.pathType },
            file: ingress.origin.file,
            line: ingress.origin.lineOf(written.field) || undefined,
            why: `${cause.message}. ${cause.fix}`,
          })),
      );
    });
}

function nameOf({ metadata }: Ingress): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Why nothing of the Ingress is served. */
function isCause({ code, object, lost }: Problem, { metadata }: Ingress): boolean {
  if (object?.kind !== "Ingress" || object.name !== metadata.name) return false;
  if (object.namespace !== metadata.namespace) return false;
  return lost === "ingress" || code === "class-ignored" || code === "class-missing";
}

function matchOf({ path, pathType }: IngressPath) {
  const kind = pathType === "Exact" ? "exact" : "prefix-element";
  return { kind, path: textAsBytes(path === "" ? "/" : path) } as const;
}
