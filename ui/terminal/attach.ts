import { giveKeysBack, type TerminalInput } from "./keyboard.ts";
import type { Screen } from "./screen.ts";

interface Listening {
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

type Listener = readonly [target: Listening, event: string, listener: () => void];

/** What an input tells that its terminal is gone by. */
const GONE = ["error", "end", "close"];

/** What may happen to a terminal while it is ours, and what is to be done then. */
export interface Attachment {
  readonly stdin: TerminalInput & Listening;
  readonly stdout: Listening;
  readonly keys: "taken" | "none";
  readonly screen: Screen;
  /** The size changed: what is shown is not what was painted. */
  readonly repaint: () => void;
  /** The process was stopped and goes on: somebody else had the terminal meanwhile. */
  readonly resume: () => void;
  /** The terminal was closed (EIO, EPIPE, end of input). Called once. */
  readonly onGone: () => void;
}

/**
 * Listens to the terminal and to the process until the function returned is called. A process that exits without that
 * still gives the terminal back, as the last thing it does.
 */
export function attach(to: Attachment): () => void {
  const { stdin, stdout, screen, repaint, resume } = to;
  let told = false;
  const gone = () => {
    if (told) return;
    told = true;
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
    // The end of an input that is no terminal says nothing about the terminal: `up < /dev/null`.
    ...(to.keys === "none" ? [] : GONE.map((name): Listener => [stdin, name, gone])),
  ];
  for (const [target, name, listener] of listeners) target.on(name, listener);
  return () => {
    for (const [target, name, listener] of listeners) target.off(name, listener);
    // A terminal that is gone goes on failing; it has been told.
    if (told) for (const stream of [stdin, stdout]) stream.on("error", () => undefined);
  };
}
