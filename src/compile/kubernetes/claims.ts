import type { Problem } from "../../model/problem.ts";
import type { Ingress, IngressPath } from "../../model/resource.ts";
import { comparablePath } from "../../plane/plain/read-path.ts";
import { textAsBytes } from "../../request/utf8.ts";
import { ingressName, problemOf } from "../problem.ts";
import { longQuery } from "../query.ts";
import { asPrefix, isExact, pathAndType } from "../route.ts";
import { rulesOf } from "../rules.ts";
import { INGRESSES_OF } from "./given.ts";

export interface Claim {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: IngressPath;
}

interface Claims {
  readonly claimed: readonly Claim[];
  readonly problems: readonly Problem[];
}

/** How many paths are looked at in a step. */
const AT_ONCE = 100;

/** The paths of a host, each for the oldest Ingress with it. */
export const CLAIMS = longQuery<string, Claims>("paths of a host", function* (host, ask) {
  const claimed = new Map<string, Claim>();
  const problems: Problem[] = [];
  for (const ingress of ask.for(INGRESSES_OF, host) ?? []) {
    const paths = rulesOf(ingress, host).flatMap((rule) => rule.paths ?? []);
    for (const [at, path] of paths.entries()) {
      const key = keyOf(path);
      const same = claimed.get(key);
      if (same === undefined) claimed.set(key, { ingress, host, path });
      else problems.push(duplicatePath({ ingress, host, path }, same));
      if (at % AT_ONCE === AT_ONCE - 1) yield;
    }
    yield;
  }
  return { claimed: [...claimed.values()], problems };
});

function duplicatePath(wanted: Claim, same: Claim): Problem {
  return problemOf(wanted.ingress, {
    code: "duplicate-path",
    level: "warning",
    field: wanted.path.field,
    message: `host "${wanted.host || "*"}" and path "${wanted.path.path}" is already defined in ingress ${ingressName(same.ingress)}: this path of ${ingressName(wanted.ingress)} is never used`,
    fix: "Remove one of the two; the specification leaves open which of them wins.",
  });
}

/** Of equal paths of a host one alone is used; a slash at the end of a Prefix does not count. */
function keyOf({ path, pathType }: IngressPath): string {
  const compared = comparable(path);
  const exact = isExact(pathType);
  return pathAndType({ path: exact ? compared : asPrefix(compared), exact });
}

/** A path in the form of requests' paths. */
export function comparable(path: string): string {
  return comparablePath(textAsBytes(path === "" ? "/" : path));
}
