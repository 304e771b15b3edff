import { safeJson } from "../../../ui/safe-json.ts";
import type { CheckReport } from "./report.ts";

/** `{"problems":[…]}`, with `"ignored":[…]` where something is, and `"fixed":[…]` of `--fix`. */
export function jsonForm({ problems, ignored, fixed }: CheckReport): readonly string[] {
  const found = problems.map(({ problem }) => problem);
  const left = ignored.map(({ problem, ignored: { by, reason } }) => {
    return { ...problem, ignoredBy: by, ...(reason === "" ? {} : { reason }) };
  });
  return [safeJson({ problems: found, ...(left.length === 0 ? {} : { ignored: left }), fixed })];
}
