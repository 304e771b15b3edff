import { printable } from "../../../ui/printable.ts";
import { place, sentence } from "../../../ui/problems.ts";
import type { Repair } from "../../convert/repair.ts";
import { counted } from "../../counted.ts";

/** One repair, as `-o json` says it. */
export interface FixedProblem extends Repair {
  readonly file: string;
}

/** `k8s/a.yaml:9  fixed  missing-path-type  Ingress default/a spec.rules[0]…: ImplementationSpecific added` */
export function fixedLines(repairs: readonly FixedProblem[] | undefined): readonly string[] {
  if (repairs === undefined) return [];
  const lines = repairs.map((repair) => {
    const said = { ...repair, level: "notice", message: repair.what, fix: "" } as const;
    return `${place(said)}  fixed  ${printable(repair.code)}  ${sentence(said)}`;
  });
  const files = new Set(repairs.map(({ file }) => file)).size;
  return repairs.length === 0
    ? ["Nothing to fix mechanically."]
    : [...lines, `${counted(repairs.length, "problem")} fixed in ${counted(files, "file")}`];
}
