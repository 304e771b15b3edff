import type { DashboardState } from "./dashboard-state.ts";
import { type Layout, layout } from "./layout.ts";

/** Lines of the header: product and source, addresses and counts, URLs. */
const HEADER = 3;

/** How a state is laid out on a screen of so many lines. */
export function planOf(state: DashboardState, rows: number): Layout {
  return layout(rows, {
    header: HEADER,
    routes: state.routes.length,
    problems: state.problems.size,
    view: state.view,
  });
}
