import type { DashboardState } from "./dashboard-state.ts";
import { detailOfSelection, type Explain, openDetail } from "./detail.ts";
import type { Wish } from "./keys.ts";
import type { KeyAction } from "./navigate.ts";
import { planOf } from "./plan.ts";
import type { Size } from "./terminal/screen.ts";

/** What a wish means for a list or a text of which `height` lines are on the screen. */
function distance(wish: { readonly lines: number; readonly screens: number }, height: number): number {
  const screens = Math.trunc(wish.screens * Math.max(1, height - 1));
  return wish.lines + (screens === 0 ? Math.sign(wish.screens) : screens);
}

function moved(
  state: DashboardState,
  wish: { readonly lines: number; readonly screens: number },
  size: Size,
): KeyAction {
  const plan = planOf(state, size.rows);
  const detail = openDetail(state.mode, size.columns - 2);
  if (detail === undefined) return { type: "move", by: distance(wish, plan[state.view] - 1) };
  const height = plan.routes + plan.hits + plan.problems - 1;
  return { type: "scroll", by: distance(wish, height), most: Math.max(0, detail.lines.length - height) };
}

/** The change of the state that a wish asks for; undefined where it asks for none. */
export function actionFor(
  wish: Wish,
  state: DashboardState,
  size: Size,
  explain: Explain,
): KeyAction | undefined {
  switch (wish.kind) {
    case "move":
      return moved(state, wish, size);
    case "open": {
      const detail = detailOfSelection(state, explain);
      return detail === undefined ? undefined : { type: "why", ...detail };
    }
    case "filter":
      return { type: "filter", step: wish.step };
    case "text":
      return { type: "filter-text", text: wish.text };
    case "help":
    case "back":
    case "next-view":
    case "previous-view":
      return { type: wish.kind };
    case "quit":
    case "repaint":
    case "suspend":
      return undefined;
  }
}
