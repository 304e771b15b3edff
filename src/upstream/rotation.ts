import type { Resolution } from "../model/upstream.ts";
import { createRing, type Ring } from "./ring.ts";

/** The resolutions of one backend, and which is next. */
export interface Rotation {
  readonly choices: readonly Resolution[];
  next: number;
  /** Made when a hash or a session first asks for it. */
  ring?: Ring;
  /** By the size of the subsets. */
  subsets?: Map<number, { readonly ring: Ring; readonly sets: ReadonlyMap<string, readonly Resolution[]> }>;
}

/** What is left to chance, and the time. */
export interface Luck {
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** `Date.now()`, ms. */
  readonly now: () => number;
}

/** Never met: `destinationOf` names at least one pod, or says why there is none. */
export const NO_CHOICE: Resolution = { kind: "none", why: "The Service has no endpoints." };

/** The next of a rotation; after it, where that one has failed the request before, the first that has not. */
export function takeTurn(rotation: Rotation, tried: readonly string[] | undefined): Resolution {
  const { choices, next } = rotation;
  rotation.next = next + 1 === choices.length ? 0 : next + 1;
  const choice = choices[next] ?? NO_CHOICE;
  if (tried === undefined || !tried.includes(nameOf(choice))) return choice;
  const others = [...choices.slice(next + 1), ...choices.slice(0, next)];
  return others.find((other) => !tried.includes(nameOf(other))) ?? choice;
}

/** The name of what a resolution leads to; `""` for nothing. */
export function nameOf(resolution: Resolution): string {
  return resolution.kind === "upstream" ? resolution.upstream.name : "";
}

/** The ring of all that a rotation leads to. */
export function ringOf(rotation: Rotation): Ring {
  rotation.ring ??= createRing(rotation.choices.map(nameOf));
  return rotation.ring;
}

/** What a rotation has under a name. */
export function named(rotation: Rotation, name: string | undefined): Resolution | undefined {
  return name === undefined ? undefined : rotation.choices.find((choice) => nameOf(choice) === name);
}
