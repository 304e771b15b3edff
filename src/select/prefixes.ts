/** A length that some prefixes have. */
export interface Cut {
  readonly length: number;
  /** All prefixes of this length end in a slash: a path without one there needs no looking up. */
  readonly slashed: boolean;
  /** Lowest place among them. */
  readonly low: number;
}

/** Each length of some prefixes once, longest first. */
export function cutsOf(prefixes: Iterable<readonly [prefix: string, place: number]>): readonly Cut[] {
  const cuts = new Map<number, Cut>();
  for (const [prefix, place] of prefixes) {
    const { length } = prefix;
    const { slashed, low } = cuts.get(length) ?? { slashed: true, low: Number.POSITIVE_INFINITY };
    cuts.set(length, { length, slashed: slashed && prefix.endsWith("/"), low: Math.min(low, place) });
  }
  return [...cuts.values()].sort((a, b) => b.length - a.length);
}

/** True of a path that may begin with a prefix of this length. */
export function fits({ length, slashed }: Cut, path: string): boolean {
  return length <= path.length && (!slashed || path.charCodeAt(length - 1) === SLASH);
}

const SLASH = "/".charCodeAt(0);
