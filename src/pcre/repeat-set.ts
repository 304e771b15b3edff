import type { ByteSet } from "./byte-set.ts";
import type { MachineStep } from "./machine.ts";

interface Repeats {
  readonly least: number;
  readonly most: number;
  readonly mode: "greedy" | "possessive";
}

/** A run of bytes of one set. Most patterns consist of these, so a whole run is one step. */
export function repeatSet(set: ByteSet, { least, most, mode }: Repeats, next: MachineStep): MachineStep {
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
