import { AT, type Automaton, EDGES, MATCH, RUNE, SET, SPLIT } from "./automaton.ts";

/** What is known of how matches begin. */
export interface Beginning {
  /** Matches begin at the start of the text alone. */
  readonly isAnchored: boolean;
  /** Holds 1 for each byte that may begin a match; `undefined` if a match may be empty. */
  readonly bytes: Uint8Array | undefined;
}

export function beginningOf({ states, start, sets }: Automaton): Beginning {
  const bytes = new Uint8Array(256);
  let isAnchored = true;
  let mayBeEmpty = false;
  const seen = new Set<number>();
  // A state, and whether the text's start lies on the way to it.
  const open: (readonly [state: number, isAtStart: boolean])[] = [[start, false]];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const [state, isAtStart] = item;
    const key = 2 * state + Number(isAtStart);
    if (seen.has(key)) continue;
    seen.add(key);
    const [kind, next = 0, argument = 0] = states.subarray(3 * state, 3 * state + 3);
    if (kind === MATCH || kind === RUNE || kind === SET) {
      isAnchored &&= isAtStart;
      mayBeEmpty ||= kind === MATCH;
      if (kind === RUNE) bytes.fill(1, ...(argument < 128 ? [argument, argument + 1] : [128]));
      if (kind === SET) {
        bytes.fill(1, 128);
        sets[argument]?.ascii.forEach((held, byte) => {
          if (held === 1) bytes[byte] = 1;
        });
      }
      continue;
    }
    open.push([next, isAtStart || (kind === AT && EDGES[argument] === "text start")]);
    if (kind === SPLIT) open.push([argument, isAtStart]);
  }
  return { isAnchored, bytes: mayBeEmpty ? undefined : bytes };
}
