import type { Event } from "../src/model/event.ts";
import { load } from "./dashboard/load.ts";
import type { Mounted, Shown } from "./dashboard/mount.tsx";
import { press } from "./dashboard/press.ts";
import type { DashboardState } from "./dashboard-state.ts";
import type { Explain } from "./detail.ts";
import type { KeyPress } from "./keys.ts";
import type { UiAction } from "./state.ts";
import { createStore } from "./store.ts";
import { type Colour, colourFor } from "./style.ts";
import { attach } from "./terminal/attach.ts";
import { giveKeysBack, takeKeys } from "./terminal/keyboard.ts";
import { createPulse } from "./terminal/pulse.ts";
import { createScreen, type Screen } from "./terminal/screen.ts";

/** Why the dashboard asks to end: a key, a terminal that is gone, or a mistake of its own. */
export type QuitReason = "q" | "Ctrl-C" | "terminal-closed" | "dashboard-failed";

/** What the dashboard is given by `up`. */
export interface DashboardOptions {
  readonly stdin: NodeJS.ReadStream;
  /** A terminal. */
  readonly stdout: NodeJS.WriteStream;
  readonly initial: DashboardState;
  /** Calls back with every event and with `routes` after each (re)load, until the function returned is called. */
  readonly subscribe: (listener: (event: Event | UiAction) => void) => () => void;
  readonly explain: Explain;
  /** May come more than once (a second Ctrl-C). The dashboard stays until `stop`, except when it failed. */
  readonly onQuit: (reason: QuitReason, error?: unknown) => void;
  /** From `NO_COLOR`, `FORCE_COLOR` and `TERM` where there is none. */
  readonly colour?: Colour | undefined;
}

/** A running dashboard. */
export interface Dashboard {
  /** Gives the terminal back. May be called again. */
  stop(): Promise<void>;
}

/** Twenty frames a second at most, and no more than a tenth of the time for them: the proxy shares this thread. */
const PACE = { least: 50, share: 0.1, most: 1000, now: () => performance.now() };

/** How long the shell may take to stop us after Ctrl-Z; where there is no job control, nobody does. */
const SUSPEND_MS = 100;

/** Ctrl-Z: to the shell, and back when it lets us go on. */
function suspend(screen: Screen, stdin: NodeJS.ReadStream, resume: () => void): void {
  if (process.platform === "win32") return;
  void screen.leave();
  giveKeysBack(stdin);
  // The whole group, as the terminal would: npm and npx, which started us, are to stop as well.
  process.kill(0, "SIGTSTP");
  setTimeout(resume, SUSPEND_MS);
}

/**
 * Takes the terminal over and shows what happens until `stop`.
 *
 * Returns at once: ink and React, which take longer to load than everything else, come in meanwhile, and what happens
 * meanwhile is kept.
 */
export function startDashboard(options: DashboardOptions): Dashboard {
  const { stdin, stdout, explain, onQuit } = options;
  const colour = options.colour ?? colourFor(stdout, process.env);
  const screen = createScreen(stdout);
  const store = createStore(options.initial);
  let mounted: Mounted | undefined;
  let stopping: Promise<void> | undefined;

  const props = (): Shown => ({ state: store.state(), size: screen.size(), colour, keys, onKey });
  const pulse = createPulse(() => mounted?.show(props()), PACE);
  const add = (event: Event | UiAction) => {
    store.add(event);
    pulse.request();
  };
  const repaint = () => {
    screen.forget();
    pulse.request();
  };
  const resume = () => {
    if (stopping !== undefined) return;
    takeKeys(stdin);
    screen.enter();
    pulse.request();
  };
  const onKey = (input: string, key: KeyPress) =>
    press(input, key, {
      ...{ state: store.state, size: screen.size, explain, add, quit: onQuit, repaint },
      suspend: () => suspend(screen, stdin, resume),
    });
  const stop = () => {
    stopping ??= (async () => {
      unsubscribe();
      pulse.stop();
      const left = screen.close();
      giveKeysBack(stdin);
      mounted?.unmount();
      await left;
      release();
    })();
    return stopping;
  };
  const fail = (error: unknown) => {
    if (stopping !== undefined) return;
    void stop();
    onQuit("dashboard-failed", error);
  };

  const keys = takeKeys(stdin);
  screen.enter();
  const onGone = () => {
    if (stopping === undefined) onQuit("terminal-closed");
  };
  const release = attach({ stdin, stdout, keys, screen, repaint, resume, onGone });
  const unsubscribe = options.subscribe(add);
  load()
    .then(({ mount }) => {
      if (stopping !== undefined) return;
      mounted = mount(props(), { stdin, size: screen.size, onFrame: screen.paint, onFailure: fail });
    })
    .catch(fail);
  return { stop };
}
