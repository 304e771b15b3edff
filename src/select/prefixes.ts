/** A length of some prefixes. */
export interface Cut {
  readonly length: number;
  /** All prefixes of this length end in a slash, so a path without one there needs no lookup. */
  readonly slashed: boolean;
  /** Lowest place among them. */
  readonly low: number;
}

/** Distinct prefix lengths, longest first. */
export function cutsOf(prefixes: Iterable<readonly [prefix: string, place: number]>): readonly Cut[] {
  const cuts = new Map<number, Cut>();
  for (const [prefix, place] of prefixes) {
    const { length } = prefix;
    const { slashed, low } = cuts.get(length) ?? { slashed: true, low: Number.POSITIVE_INFINITY };
    cuts.set(length, { length, slashed: slashed && prefix.endsWith("/"), low: Math.min(low, place) });
  }
  return [...cuts.values()].sort((a, b) => b.length - a.length);
}

export function fits({ length, slashed }: Cut, path: string): boolean {
  return length <= path.length && (!slashed || path.charCodeAt(length - 1) === SLASH);
}

const SLASH = "/".charCodeAt(0);
