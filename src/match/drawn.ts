import type { Outcome } from "./outcome.ts";

/** Beside the first; further ones are left out. */
const MOST_DRAWN = 16;

/** An outcome of each route that production may draw; the first is the one that is used here. */
export function allDrawn<T extends Pick<Outcome, "decision">>(
  ask: (drawn: number) => T,
): readonly [T, ...T[]] {
  const first = ask(0);
  return [first, ...furtherDraws(first, ask)];
}

/** Of the other routes that production may draw. */
export function furtherDraws<T>(
  { decision: { oneOf = [] } }: Pick<Outcome, "decision">,
  ask: (drawn: number) => T,
): readonly T[] {
  return oneOf.slice(0, MOST_DRAWN).map((_, at) => ask(at + 1));
}
