import type { Ingress } from "../model/resource.ts";
import { ingressName } from "./problem.ts";

/**
 * Ingresses by precedence: oldest first, then by namespace/name, descending.
 *
 * Files have no `creationTimestamp`: their objects follow the cluster's in file order, as if applied now.
 * Source: ingress-nginx store.go, sortIngressSlice.
 */
export function inOrderOfAge(ingresses: readonly Ingress[]): readonly Ingress[] {
  const age = (ingress: Ingress) =>
    Date.parse(ingress.metadata.creationTimestamp ?? "") || Number.POSITIVE_INFINITY;
  return ingresses
    .map((ingress) => ({ ingress, age: age(ingress), name: ingressName(ingress) }))
    .sort((a, b) => {
      if (a.age !== b.age) return a.age < b.age ? -1 : 1;
      if (a.age === Number.POSITIVE_INFINITY || a.name === b.name) return 0;
      return a.name > b.name ? -1 : 1;
    })
    .map(({ ingress }) => ingress);
}
