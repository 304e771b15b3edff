import type { DashboardState } from "./dashboard-state.ts";
import { type Layout, layout } from "./layout.ts";

/** Product and source; addresses and counts; URLs. */
const HEADER = 3;

export function planOf(state: DashboardState, rows: number): Layout {
  return layout(rows, {
    header: HEADER,
    routes: state.routes.length,
    problems: state.problems.size,
    view: state.view,
  });
}
