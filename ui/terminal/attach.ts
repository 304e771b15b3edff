import { giveKeysBack, type TerminalInput } from "./keyboard.ts";
import type { Screen } from "./screen.ts";

interface Listening {
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

type Listener = readonly [target: Listening, event: string, listener: () => void];

/** The events of an input whose terminal is gone. */
const GONE = ["error", "end", "close"];

export interface Attachment {
  readonly stdin: TerminalInput & Listening;
  readonly stdout: Listening;
  readonly keys: "taken" | "none";
  readonly screen: Screen;
  /** The size changed, so the screen no longer shows what was painted. */
  readonly repaint: () => void;
  /** The process was stopped and continues: somebody else had the terminal meanwhile. */
  readonly resume: () => void;
  /** The terminal was closed (EIO, EPIPE, end of input). Called once. */
  readonly onGone: () => void;
}

/**
 * Listens to the terminal and the process until the returned function is called. A process that exits without calling
 * it still restores the terminal, as its last act.
 */
export function attach(to: Attachment): () => void {
  const { stdin, stdout, screen, repaint, resume } = to;
  let reported = false;
  const gone = () => {
    if (reported) return;
    reported = true;
    to.onGone();
  };
  const exiting = () => {
    screen.closeNow();
    giveKeysBack(stdin);
  };
  const listeners: readonly Listener[] = [
    [stdout, "resize", repaint],
    [stdout, "error", gone],
    [process, "exit", exiting],
    // Windows has no such signal, and libuv refuses to listen for it.
    ...(process.platform === "win32" ? [] : [[process, "SIGCONT", resume] satisfies Listener]),
    // The end of an input that is no terminal tells nothing about the terminal: `up < /dev/null`.
    ...(to.keys === "none" ? [] : GONE.map((name): Listener => [stdin, name, gone])),
  ];
  for (const [target, name, listener] of listeners) target.on(name, listener);
  return () => {
    for (const [target, name, listener] of listeners) target.off(name, listener);
    // A terminal that is gone keeps failing, and was reported.
    if (reported) for (const stream of [stdin, stdout]) stream.on("error", () => undefined);
  };
}
