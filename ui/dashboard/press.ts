import { actionFor } from "../controls.ts";
import type { DashboardState } from "../dashboard-state.ts";
import type { Explain } from "../detail.ts";
import { type KeyPress, keysIn, wishOf } from "../keys.ts";
import type { KeyAction } from "../navigate.ts";
import type { Size } from "../terminal/screen.ts";

/** What a key can do beside changing the state. */
export interface Reach {
  readonly state: () => DashboardState;
  readonly size: () => Size;
  readonly explain: Explain;
  readonly add: (action: KeyAction) => void;
  readonly quit: (key: "q" | "Ctrl-C") => void;
  readonly repaint: () => void;
  readonly suspend: () => void;
}

/** Carries out what ink read from the keyboard, key by key: each meets the state that the one before it made. */
export function press(input: string, key: KeyPress, reach: Reach): void {
  for (const [one, its] of keysIn(input, key)) {
    const wish = wishOf(one, its, reach.state().mode.kind);
    if (wish === undefined) continue;
    if (wish.kind === "quit") reach.quit(wish.key);
    else if (wish.kind === "repaint") reach.repaint();
    else if (wish.kind === "suspend") reach.suspend();
    const action = actionFor(wish, reach.state(), reach.size(), reach.explain);
    if (action !== undefined) reach.add(action);
  }
}
