import type { Event } from "../src/model/event.ts";
import { loadView } from "./dashboard/load.ts";
import type { Mounted, Shown } from "./dashboard/mount.tsx";
import { press } from "./dashboard/press.ts";
import type { DashboardState } from "./dashboard-state.ts";
import type { Explain } from "./detail.ts";
import type { KeyPress } from "./keys.ts";
import type { KeyAction } from "./navigate.ts";
import type { UiAction } from "./state.ts";
import { createStateStore } from "./store.ts";
import { type Colour, colourFor } from "./style.ts";
import { attach } from "./terminal/attach.ts";
import { giveKeysBack, takeKeys } from "./terminal/keyboard.ts";
import { createScreen, type Screen } from "./terminal/screen.ts";
import { createFrameThrottle, type FrameRate } from "./terminal/throttle.ts";

/** The reason of the end: a key, a terminal that is gone, or a mistake of the dashboard's own. */
export type QuitReason = "q" | "Ctrl-C" | "terminal-closed" | "dashboard-failed";

export interface DashboardOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly initial: DashboardState;
  /**
   * Calls `listener` with every event, and with `routes` after each (re)load, until the returned function is called.
   */
  readonly subscribe: (listener: (event: Event | UiAction) => void) => () => void;
  readonly explain: Explain;
  /** May be called more than once (a second Ctrl-C). The dashboard stays until `stop`, unless it failed. */
  readonly onQuit: (reason: QuitReason, error?: unknown) => void;
  /** default: from `NO_COLOR`, `FORCE_COLOR` and `TERM` */
  readonly colour?: Colour | undefined;
}

export interface Dashboard {
  /** Restores the terminal. May be called again. */
  stop(): Promise<void>;
}

const now = () => performance.now();

/** Frames after keys: at most 20 a second and a tenth of the time, since the proxy shares this thread. */
const KEY_RATE: FrameRate = { least: 50, share: 0.1, most: 1000, now };

/** Frames after events: thousands of requests a second leave little time, and nobody reads faster. */
const EVENT_RATE: FrameRate = { least: 100, share: 0.015, most: 500, now };

/** Longest wait for the shell's stop after Ctrl-Z; without job control none comes. */
const SUSPEND_MS = 100;

/** Ctrl-Z: to the shell, and back when it continues us. */
function suspend(screen: Screen, stdin: NodeJS.ReadStream, resume: () => void): void {
  if (process.platform === "win32") return;
  void screen.leave();
  giveKeysBack(stdin);
  // The whole group, as the terminal would: npm and npx, which started us, have to stop as well.
  process.kill(0, "SIGTSTP");
  setTimeout(resume, SUSPEND_MS);
}

/**
 * Takes the terminal over and shows what happens until `stop`.
 *
 * Returns at once. ink and React, which take longer to load than everything else, load meanwhile; events of that time
 * are kept.
 */
export function startDashboard(options: DashboardOptions): Dashboard {
  const { stdin, stdout, explain, onQuit } = options;
  const colour = options.colour ?? colourFor(stdout, process.env);
  const screen = createScreen(stdout);
  const store = createStateStore(options.initial);
  let mounted: Mounted | undefined;
  let stopping: Promise<void> | undefined;

  const props = (): Shown => ({ state: store.state(), size: screen.size(), colour, keys, onKey });
  const show = () => mounted?.show(props());
  const [onEvents, onKeys] = [createFrameThrottle(show, EVENT_RATE), createFrameThrottle(show, KEY_RATE)];
  const add = (event: Event | UiAction) => {
    store.add(event);
    onEvents.request();
  };
  const repaint = () => {
    screen.forget();
    onKeys.request();
  };
  const resume = () => {
    if (stopping !== undefined) return;
    takeKeys(stdin);
    screen.enter();
    onKeys.request();
  };
  const act = (action: KeyAction) => {
    store.add(action);
    onKeys.request();
  };
  const onKey = (input: string, key: KeyPress) =>
    press(input, key, {
      ...{ state: store.state, size: screen.size, explain, add: act, quit: onQuit, repaint },
      suspend: () => suspend(screen, stdin, resume),
    });
  const stop = () => {
    stopping ??= (async () => {
      unsubscribe();
      for (const throttle of [onEvents, onKeys]) throttle.stop();
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
  loadView()
    .then(({ mount }) => {
      if (stopping !== undefined) return;
      mounted = mount(props(), { stdin, size: screen.size, onFrame: screen.paint, onFailure: fail });
    })
    .catch(fail);
  return { stop };
}
