import type { Problem } from "../../model/problem.ts";
import type { Ingress, IngressPath } from "../../model/resource.ts";
import { comparablePath } from "../../plane/plain/read-path.ts";
import { pathBytes } from "../../request/path.ts";
import { ingressName, problemOf } from "../problem.ts";
import { asPrefix, isExact, pathAndType } from "../route.ts";

export type Claimed = Map<string, Claim>;

export interface Claim {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: IngressPath;
}

/** Takes a path for its host, unless an older one is there already. */
export function claimPath(claimed: Claimed, wanted: Claim, problems: Problem[]): void {
  const key = keyOf(wanted.path);
  const same = claimed.get(key);
  if (same === undefined) {
    claimed.set(key, wanted);
    return;
  }
  problems.push(
    problemOf(wanted.ingress, {
      code: "duplicate-path",
      level: "warning",
      field: wanted.path.field,
      message: `host "${wanted.host || "*"}" and path "${wanted.path.path}" is already defined in ingress ${ingressName(same.ingress)}: this path of ${ingressName(wanted.ingress)} is never used`,
      fix: "Remove one of the two; the specification leaves open which of them wins.",
    }),
  );
}

/** Of equal paths of a host one alone is used; a slash at the end of a Prefix does not count. */
function keyOf({ path, pathType }: IngressPath): string {
  const compared = comparable(path);
  const exact = isExact(pathType);
  return pathAndType({ path: exact ? compared : asPrefix(compared), exact });
}

/** A path in the form of requests' paths. */
export function comparable(path: string): string {
  return comparablePath(pathBytes(path === "" ? "/" : path));
}
