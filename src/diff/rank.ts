import { type Aspect, leadingAspect } from "./aspects.ts";
import type { Behaviour } from "./behaviour.ts";
import type { GuardChange } from "./guard-change.ts";

/** By effect. What is lost comes before what is new. */
const RANKS: Readonly<Record<Exclude<Aspect, "kind">, number>> = {
  service: 1,
  guards: 3,
  path: 4,
  location: 6,
  status: 7,
  canary: 9,
  "response headers": 10,
  "request headers": 11,
  certificate: 12,
  settings: 13,
};
const LOSS = 0;
const GUARD_LOST = 2;
const REDIRECT = 5;
const GAIN = 8;

function isOpened(first: Behaviour, second: Behaviour, guard: GuardChange): boolean {
  return guard === "removed" || (first.kind !== "forward" && second.kind === "forward");
}

/** `aspects`: at least one. `isLoop`: the second side redirects the request to itself. */
export function rankOf(
  first: Behaviour,
  second: Behaviour,
  { aspects, guard, isLoop }: { aspects: readonly Aspect[]; guard: GuardChange; isLoop: boolean },
): number {
  if (isLoop) return LOSS;
  // The service of clients that are let in goes on.
  if (guard !== "none") return isOpened(first, second, guard) ? GUARD_LOST : RANKS.guards;
  const aspect = leadingAspect(aspects);
  if (aspect !== "kind") return RANKS[aspect];
  if (second.kind === "respond") return first.kind === "forward" ? LOSS : RANKS.status;
  if (second.kind === "redirect") return REDIRECT;
  return first.kind === "redirect" ? REDIRECT : GAIN;
}
