import type { Resolution } from "../model/upstream.ts";
import { createRing, type Ring } from "./ring.ts";

export interface Rotation {
  readonly choices: readonly Resolution[];
  next: number;
  /** Created by the first hash or session. */
  ring?: Ring;
  /** By size. */
  subsets?: Map<number, { readonly ring: Ring; readonly sets: ReadonlyMap<string, readonly Resolution[]> }>;
}

/** Chance and time. */
export interface RandomAndTime {
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** `Date.now()`, ms. */
  readonly now: () => number;
}

/** Never used: `destinationOf` names at least one pod, or a reason. */
export const NO_CHOICE: Resolution = { kind: "none", why: "The Service has no endpoints." };

/** The next of a rotation; after failures, the first that has not failed. */
export function takeTurn(rotation: Rotation, tried: readonly string[] | undefined): Resolution {
  const { choices, next } = rotation;
  rotation.next = next + 1 === choices.length ? 0 : next + 1;
  const choice = choices[next] ?? NO_CHOICE;
  if (tried === undefined || !tried.includes(nameOf(choice))) return choice;
  const others = [...choices.slice(next + 1), ...choices.slice(0, next)];
  return others.find((candidate) => !tried.includes(nameOf(candidate))) ?? choice;
}

export function nameOf(resolution: Resolution): string {
  return resolution.kind === "upstream" ? resolution.upstream.name : "";
}

/** The ring of a rotation's upstreams. */
export function ringOf(rotation: Rotation): Ring {
  rotation.ring ??= createRing(rotation.choices.map(nameOf));
  return rotation.ring;
}

export function named(rotation: Rotation, name: string | undefined): Resolution | undefined {
  return name === undefined ? undefined : rotation.choices.find((choice) => nameOf(choice) === name);
}
