import { actionFor } from "../controls.ts";
import type { DashboardState } from "../dashboard-state.ts";
import type { Explain } from "../detail.ts";
import { commandOf, type KeyPress, keysIn } from "../keys.ts";
import type { KeyAction } from "../navigate.ts";
import type { Size } from "../terminal/screen.ts";

export interface Reach {
  readonly state: () => DashboardState;
  readonly size: () => Size;
  readonly explain: Explain;
  readonly add: (action: KeyAction) => void;
  readonly quit: (key: "q" | "Ctrl-C") => void;
  readonly repaint: () => void;
  readonly suspend: () => void;
}

/** Handles what ink read from the keyboard, key by key: each key meets the state that the previous one made. */
export function press(input: string, key: KeyPress, reach: Reach): void {
  for (const [text, keyPress] of keysIn(input, key)) {
    const command = commandOf(text, keyPress, reach.state().mode.kind);
    if (command === undefined) continue;
    if (command.kind === "quit") reach.quit(command.key);
    else if (command.kind === "repaint") reach.repaint();
    else if (command.kind === "suspend") reach.suspend();
    const action = actionFor(command, reach.state(), reach.size(), reach.explain);
    if (action !== undefined) reach.add(action);
  }
}
