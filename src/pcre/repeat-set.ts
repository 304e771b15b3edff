import type { ByteSet } from "./byte-set.ts";
import type { Step } from "./machine.ts";

/** How often, and whether what was taken is ever given back. */
interface Repeats {
  readonly least: number;
  readonly most: number;
  readonly mode: "greedy" | "possessive";
}

/** Bytes of one set, as many as there are: what most patterns are made of, in one step instead of one a byte. */
export function repeatSet(set: ByteSet, { least, most, mode }: Repeats, next: Step): Step {
  return (machine) => {
    const { subject, pos } = machine;
    const limit = Math.min(subject.length, pos + most);
    let end = pos;
    while (end < limit && set[subject.charCodeAt(end)] === 1) end++;
    if (end - pos < least) return undefined;
    machine.spend((end - pos) >> 3);
    if (mode === "greedy" && end > pos + least) machine.range(next, end - 1, pos + least);
    machine.pos = end;
    return next;
  };
}
