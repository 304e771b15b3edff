import type { Problem } from "../model/problem.ts";
import { catchAlls } from "./catch-alls.ts";
import { hiddenRules } from "./hidden-rules.ts";
import { lossyRewrites } from "./lossy-rewrites.ts";
import type { Examined } from "./probe.ts";
import { redirectLoops } from "./redirect-loops.ts";

/** What is wrong with the routes of a table although each may be written so. A request shows each, and was tried. */
export function findingsOf(examined: Examined): readonly Problem[] {
  return [
    ...redirectLoops(examined),
    ...hiddenRules(examined),
    ...lossyRewrites(examined),
    ...catchAlls(examined),
  ];
}
