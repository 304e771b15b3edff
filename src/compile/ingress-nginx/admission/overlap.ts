import type { Problem } from "../../../model/problem.ts";
import type { Ingress, IngressPath } from "../../../model/resource.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { longQuery } from "../../query.ts";
import { asPrefix, isExact } from "../../route.ts";
import { rulesOf } from "../../rules.ts";
import { staysWhole } from "../locations/location-form.ts";
import type { SettledIngress } from "../settling.ts";
import { OWNERS } from "../survey.ts";

/** The webhook's words for a path of another Ingress (controller.go, checkOverlap). */
export function overlapInWords(host: string, path: string, owner: Ingress): string {
  return `host "${host || "_"}" and path "${path}" is already defined in ingress ${ingressName(owner)}`;
}

/** True if the webhook refuses the overlap: neither Ingress has a canary annotation. */
export function mindsOverlap(...ingresses: readonly Ingress[]): boolean {
  return ingresses.every(({ metadata }) => !metadata.annotations.has(`${PREFIX}canary`));
}

/** How many paths are looked at in a step. */
const AT_ONCE = 100;

interface Rendered {
  readonly ingress: Ingress;
  readonly path: string;
  readonly written: { readonly path: string; readonly exact: boolean };
  /** The exact half of a Prefix; an Exact of the same path replaces it. */
  readonly half: boolean;
}

/**
 * A notice for each path of a host that equals a rendered location of an older Ingress without being the same path. The
 * webhook compares rendered locations, and a Prefix `/p` renders as `/p/` and `= /p`. Equal paths are
 * `duplicate-path` already.
 */
export const OVERLAPS = longQuery<string, readonly Problem[]>("overlaps", function* (host, ask) {
  const problems: Problem[] = [];
  const rendered = new Map<string, Rendered>();
  for (const owner of ask.for(OWNERS, host) ?? []) {
    if (owner.settings.canary !== undefined) continue;
    const { ingress } = owner;
    const paths = rulesOf(ingress, host)
      .flatMap((rule) => rule.paths ?? [])
      .filter(({ backend }) => backend.kind === "service");
    for (const path of paths) {
      const found = rendered.get(path.path || "/");
      if (found !== undefined && isOther(found, path) && mindsOverlap(ingress, found.ingress))
        problems.push(overlap(ingress, host, path, found.ingress));
    }
    for (const [at, path] of paths.entries()) {
      for (const location of renderedOf(owner, host, path)) {
        const known = rendered.get(location.path);
        if (known === undefined || (known.half && !location.half)) rendered.set(location.path, location);
      }
      if (at % AT_ONCE === AT_ONCE - 1) yield;
    }
    yield;
  }
  return problems;
});

function isOther({ written, half }: Rendered, { path, pathType }: IngressPath): boolean {
  const exact = isExact(pathType);
  if (half && exact) return false;
  return written.path !== (path || "/") || written.exact !== exact;
}

function renderedOf(owner: SettledIngress, host: string, path: IngressPath): readonly Rendered[] {
  const { ingress } = owner;
  const written = { path: path.path || "/", exact: isExact(path.pathType) };
  const common = { ingress, written };
  if (staysWhole({ ...written, owner, rule: { host, path } }))
    return [{ ...common, path: written.path, half: false }];
  return [
    { ...common, path: asPrefix(written.path), half: false },
    { ...common, path: written.path, half: true },
  ];
}

function overlap(ingress: Ingress, host: string, path: IngressPath, owner: Ingress): Problem {
  const words = overlapInWords(host, path.path || "/", owner);
  return problemOf(ingress, {
    code: "duplicate-path",
    level: "notice",
    field: path.field,
    message: `${words}: the admission webhook compares with the locations of nginx, and refuses Ingress ${ingressName(ingress)} where it is installed`,
    fix: "Remove one of the two, or write both paths in one Ingress.",
    webhook: words,
  });
}
