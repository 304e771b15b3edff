import type { Choice } from "../model/decision.ts";
import type { Resolution, ResolveOptions } from "../model/upstream.ts";
import { chooseByEndpointSession } from "./endpoint-session.ts";
import { createRing } from "./ring.ts";
import { NO_CHOICE, named, type RandomAndTime, type Rotation, ringOf, takeTurn } from "./rotation.ts";
import { chooseByServerCookie } from "./server-cookie.ts";
import { chooseBySession } from "./session.ts";

/** The resolution for one request: by its hash or its session if it has one, else the next in turn. */
export function choose(
  rotation: Rotation,
  options: ResolveOptions | undefined,
  sources: RandomAndTime,
): Resolution {
  const choice = options?.choice;
  if (choice === undefined || rotation.choices[0]?.kind === "none") return takeTurn(rotation, options?.tried);
  if (choice.kind === "server-cookie") return chooseByServerCookie(rotation, choice, options?.tried, sources);
  if (choice.kind === "endpoint-session")
    return chooseByEndpointSession(rotation, choice, options?.tried, sources);
  if (choice.kind === "session") return chooseBySession(rotation, choice, options?.tried ?? [], sources);
  return chooseByHash(rotation, choice, sources);
}

/** A failed endpoint is asked again: its key has no other (chash.lua, balance). */
function chooseByHash(
  rotation: Rotation,
  { key, subsetSize }: Choice & { readonly kind: "hash" },
  { random }: RandomAndTime,
): Resolution {
  if (subsetSize === undefined) return named(rotation, ringOf(rotation).find(key)) ?? NO_CHOICE;
  const { ring, sets } = subsetsOf(rotation, subsetSize);
  const set = sets.get(ring.find(key) ?? "") ?? [];
  return set[Math.floor(random() * set.length)] ?? NO_CHOICE;
}

/** Sets of equal size; the last is filled up from the first endpoints (chashsubset.lua, build_subset_map). */
function subsetsOf(rotation: Rotation, size: number) {
  rotation.subsets ??= new Map();
  const known = rotation.subsets.get(size);
  if (known !== undefined) return known;
  const { choices } = rotation;
  const sets = new Map<string, readonly Resolution[]>();
  for (let at = 0; at < choices.length; at += size) {
    const set = Array.from({ length: size }, (_, i) => choices[(at + i) % choices.length] ?? NO_CHOICE);
    sets.set(`set${sets.size + 1}`, set);
  }
  const made = { ring: createRing([...sets.keys()]), sets };
  rotation.subsets.set(size, made);
  return made;
}
