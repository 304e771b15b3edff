export interface Cut {
  readonly length: number;
  /** All prefixes of this length end in a slash, so a path without one there needs no lookup. */
  slashed: boolean;
  /** Lowest place among them. */
  low: number;
}

/** Each length of some prefixes once, longest first. */
export function cutsOf<T>(
  prefixes: ReadonlyMap<string, T>,
  placeOf: (value: T) => number,
): readonly Readonly<Cut>[] {
  const cuts = new Map<number, Cut>();
  for (const [prefix, value] of prefixes) {
    const { length } = prefix;
    const [slashed, low] = [prefix.endsWith("/"), placeOf(value)];
    const same = cuts.get(length);
    if (same === undefined) cuts.set(length, { length, slashed, low });
    else {
      same.slashed &&= slashed;
      same.low = Math.min(same.low, low);
    }
  }
  return [...cuts.values()].sort((a, b) => b.length - a.length);
}

/** True if the path may begin with a prefix of this length. */
export function fits({ length, slashed }: Readonly<Cut>, path: string): boolean {
  return length <= path.length && (!slashed || path.charCodeAt(length - 1) === SLASH);
}

const SLASH = "/".charCodeAt(0);
