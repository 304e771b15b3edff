import type { DashboardState } from "./dashboard-state.ts";
import { detailOfSelection, type Explain, openDetail } from "./detail.ts";
import type { KeyCommand } from "./keys.ts";
import type { KeyAction } from "./navigate.ts";
import { planOf } from "./plan.ts";
import type { Size } from "./terminal/screen.ts";

/** The lines that a command moves by, in a list or text with `height` lines on the screen. */
function distance(command: { readonly lines: number; readonly screens: number }, height: number): number {
  const screens = Math.trunc(command.screens * Math.max(1, height - 1));
  return command.lines + (screens === 0 ? Math.sign(command.screens) : screens);
}

function moved(
  state: DashboardState,
  command: { readonly lines: number; readonly screens: number },
  size: Size,
): KeyAction {
  const plan = planOf(state, size.rows);
  const detail = openDetail(state.mode, size.columns - 2);
  if (detail === undefined) return { type: "move", by: distance(command, plan[state.view] - 1) };
  const height = plan.routes + plan.hits + plan.problems - 1;
  return { type: "scroll", by: distance(command, height), most: Math.max(0, detail.lines.length - height) };
}

export function actionFor(
  command: KeyCommand,
  state: DashboardState,
  size: Size,
  explain: Explain,
): KeyAction | undefined {
  switch (command.kind) {
    case "move":
      return moved(state, command, size);
    case "open": {
      const detail = detailOfSelection(state, explain);
      return detail === undefined ? undefined : { type: "why", ...detail };
    }
    case "filter":
      return { type: "filter", step: command.step };
    case "text":
      return { type: "filter-text", text: command.text };
    case "help":
    case "back":
    case "next-view":
    case "previous-view":
      return { type: command.kind };
    case "quit":
    case "repaint":
    case "suspend":
      return undefined;
  }
}
