import type { Difference } from "../../../diff/difference.ts";
import type { IngressPath } from "../../../model/resource.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { isOf } from "../nginx/lost.ts";
import type { IngressSource } from "../sources.ts";
import type { ExplainedParts, KnownChange } from "../target.ts";
import { oddPathChanges } from "../traefik/odd-paths.ts";
import { everyPath } from "./paths.ts";

const ALL: ExplainedParts = { aspects: "answer" };

/** What becomes of single paths: said where a request shows it. */
export function traefikPathChanges(
  source: IngressSource,
  expressions: ReadonlySet<string>,
): readonly KnownChange[] {
  const { ingress } = source;
  const ofPaths = everyPath(ingress).flatMap(({ host, path }) => {
    const order = orderChange(source, host, path);
    const isRefused = expressions.has(host) && compileRe2(`^${path.path}`).kind === "refused";
    const own =
      source.nginx?.settings.rewriteTarget?.source === path.path ? [letters(source, host, path)] : [];
    return isRefused ? [refusedChange(source, host, path), order] : [...own, order];
  });
  const all = [...ofPaths, ...oddPathChanges(source, expressions)];
  return ingress.spec.defaultBackend === undefined ? all : [...all, defaultBackendChange(source)];
}

function isFrom({ first: { rule } }: Difference, host: string, path: IngressPath): boolean {
  return rule?.host === host && rule.path === path.path && rule.pathType === path.pathType;
}

/** Traefik takes the longest rule, whatever the path type and host, and draws among equals. */
function orderChange({ ingress }: IngressSource, host: string, path: IngressPath): KnownChange {
  return {
    ingress,
    field: `${path.field}.path`,
    message:
      "Traefik may give some of its requests to another rule: it takes the longest, Exact does not come first, and chance decides among equals",
    fix: "Give that rule's guards to this path as well, or convert to traefik, whose rules have priorities.",
    explains: (difference) => {
      if (!isOf(ingress, difference) || !isFrom(difference, host, path)) return undefined;
      const { rule } = difference.second;
      // An expression that is lengthened to the end of the path is the same rule.
      const isPath = rule?.path === path.path || rule?.path === `${path.path}.*`;
      const isType = rule?.pathType === path.pathType || rule?.pathType === "ImplementationSpecific";
      const { aspects } = difference;
      const isService = aspects.includes("canary") || !aspects.includes("service");
      const isSame = isPath && isType && rule?.host === host && isService;
      return difference.cause.code === "drawn" || (rule !== undefined && !isSame) ? ALL : undefined;
    },
    when: "shown",
  };
}

/** nginx rewrites what is below a Prefix that is its own target, and no path of more letters. */
function letters({ ingress }: IngressSource, host: string, path: IngressPath): KnownChange {
  return {
    ingress,
    field: `${path.field}.path`,
    message: `Traefik rewrites what only begins with these letters (${path.path}x) as well`,
    fix: "Decide whether it matters.",
    explains: (difference) =>
      isOf(ingress, difference) && isFrom(difference, host, path) ? { aspects: ["path"] } : undefined,
    when: "shown",
  };
}

function refusedChange({ ingress }: IngressSource, host: string, path: IngressPath): KnownChange {
  return {
    ingress,
    field: `${path.field}.path`,
    message:
      "the expression is none of RE2's, so Traefik leaves the path out: another rule answers, or nobody",
    fix: "Write it without look-around, back-references and possessive repetition.",
    explains: (difference) => (isOf(ingress, difference) && isFrom(difference, host, path) ? ALL : undefined),
  };
}

/** Its router has one name for all hosts. */
function defaultBackendChange({ ingress }: IngressSource): KnownChange {
  return {
    ingress,
    field: "spec.defaultBackend",
    message:
      "Traefik serves it for one host alone, and beside the default backend of another Ingress chance decides",
    fix: "Write it as a path / of each host.",
    explains: (difference) =>
      isOf(ingress, difference) && difference.first.rule === undefined ? ALL : undefined,
    when: "shown",
  };
}
