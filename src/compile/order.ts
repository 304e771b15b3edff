import type { Ingress } from "../model/resource.ts";
import type { Steps } from "../steps.ts";
import { ingressName } from "./problem.ts";

/** How many Ingresses are looked at in a step. */
const AT_ONCE = 1_000;

interface Aged {
  readonly ingress: Ingress;
  readonly age: number;
  readonly name: string;
}

/**
 * Ingresses by precedence: oldest first, then by namespace/name, descending.
 *
 * Files have no `creationTimestamp`: their objects follow the cluster's in file order, as if applied now.
 * Source: ingress-nginx store.go, sortIngressSlice.
 */
export function* inOrderOfAge(ingresses: readonly Ingress[]): Steps<readonly Ingress[]> {
  const aged: Aged[] = [];
  const ageless: Ingress[] = [];
  for (const [at, ingress] of ingresses.entries()) {
    const { creationTimestamp } = ingress.metadata;
    const age = creationTimestamp === undefined ? 0 : Date.parse(creationTimestamp) || 0;
    if (age === 0) ageless.push(ingress);
    else aged.push({ ingress, age, name: ingressName(ingress) });
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  if (aged.length === 0) return ageless;
  aged.sort(byAge);
  yield;
  return [...aged.map(({ ingress }) => ingress), ...ageless];
}

function byAge(a: Aged, b: Aged): number {
  if (a.age !== b.age) return a.age - b.age;
  if (a.name === b.name) return 0;
  return a.name > b.name ? -1 : 1;
}
