import { type CompileOptions, compileInSteps } from "../../../compile/compile.ts";
import type { Memory } from "../../../compile/memory.ts";
import type { Problem } from "../../../model/problem.ts";
import type { RouteTable } from "../../../model/route.ts";
import type { Reading } from "../../../source/files.ts";
import type { Steps } from "../../../steps.ts";
import { compileOptionsOf } from "../../options/compile-options.ts";
import type { ControllerSettings } from "../../options.ts";
import { type InForce, inForce, stopped } from "../../routing/in-force.ts";

/** A compiled reading and its table in force. */
export interface Loaded extends InForce {
  readonly reading: Reading;
  /** The reading's table; not in force if nginx would refuse it with `--exact`. */
  readonly wanted: RouteTable;
  /** Those that it was compiled with. */
  readonly standIns: CompileOptions["standIns"];
  /** From reading and compilation. */
  readonly problems: readonly Problem[];
}

/** Compiles a reading with the selected controller and classes, in steps. `before`: currently in force */
export function* load(
  reading: Reading,
  settings: ControllerSettings,
  {
    completeness,
    standIns,
    memory,
  }: Pick<CompileOptions, "completeness" | "standIns"> & { readonly memory: Memory },
  before?: InForce,
): Steps<Loaded> {
  const options = compileOptionsOf(settings, completeness, standIns);
  const compiled = yield* compileInSteps(reading.snapshot, options, memory);
  return {
    ...inForce(compiled, reading.snapshot, settings, before),
    reading,
    wanted: compiled.table,
    standIns,
    problems: [...reading.problems, ...compiled.problems, ...stopped(compiled, settings, before)],
  };
}
