import { writeSync } from "node:fs";

export interface TerminalOutput {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly fd?: number | undefined;
  write(text: string, written?: () => void): boolean;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Screen {
  size(): Size;
  /** Takes the terminal over, also after somebody else may have changed it (SIGCONT). */
  enter(): void;
  /** Shows a frame of lines with SGR sequences only. Writes the lines that differ from those shown. */
  paint(frame: string): void;
  /** Forgets what is shown: the next frame is written whole. */
  forget(): void;
  /** Restores the terminal until `enter`. Resolves when that is written. */
  leave(): Promise<void>;
  /** Restores it for good: nothing is written afterwards. */
  close(): Promise<void>;
  /** The same from an `exit` listener, without anything asynchronous. */
  closeNow(): void;
}

// DEC private modes, as xterm's ctlseqs.txt lists them. 1049: the alternate screen, with the cursor saved. 25: the
// cursor. 7: long lines wrap (off: a character that the terminal sees in another width moves nothing). 2026: a frame
// is shown at once, if the terminal can.
const ALTERNATE = "\x1b[?1049h";
const PREPARE = "\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J\x1b[H";
const LEAVE = "\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
const FRAME_BEGIN = "\x1b[?2026h";
const FRAME_END = "\x1b[?2026l";

/** The sequences that turn the shown lines into those of the next frame; `""`: no difference. */
function difference(before: readonly string[] | undefined, after: readonly string[]): string {
  let text = before === undefined ? "\x1b[0m\x1b[2J" : "";
  const lines = Math.max(before?.length ?? 0, after.length);
  for (let index = 0; index < lines; index++) {
    const line = after[index] ?? "";
    // Erased first: afterwards the cursor may stand on the last character of a line that fills the screen.
    if (line !== (before?.[index] ?? "")) text += `\x1b[${index + 1};1H\x1b[2K${line}\x1b[0m`;
  }
  return text;
}

/** Makes a screen on a terminal. Nothing is written before `enter`. */
export function createScreen(output: TerminalOutput): Screen {
  let state: "outside" | "inside" | "closed" = "outside";
  let lines: readonly string[] | undefined;
  const size = () => ({ columns: Math.max(1, output.columns || 80), rows: Math.max(1, output.rows || 24) });

  function enter(): void {
    if (state === "closed") return;
    // Only once: it would save the cursor of the alternate screen over that of the shell.
    output.write((state === "inside" ? "" : ALTERNATE) + PREPARE);
    state = "inside";
    lines = undefined;
  }
  function paint(frame: string): void {
    if (state !== "inside") return;
    const { rows } = size();
    const next = frame.split("\n").slice(0, rows);
    const changes = difference(lines, next);
    lines = next;
    if (changes !== "") output.write(FRAME_BEGIN + changes + FRAME_END);
  }
  function leave(next: "outside" | "closed"): Promise<void> {
    const before = state;
    state = next;
    if (before !== "inside") return Promise.resolve();
    return new Promise((resolve) => {
      // If that fails, the stream emits `error` right after.
      output.write(LEAVE, () => setImmediate(resolve));
    });
  }
  function closeNow(): void {
    const before = state;
    state = "closed";
    if (before !== "inside") return;
    try {
      if (output.fd === undefined) output.write(LEAVE);
      else writeSync(output.fd, LEAVE);
    } catch {
      // The terminal is gone, and with it what was to be restored.
    }
  }
  return {
    size,
    enter,
    paint,
    forget: () => {
      lines = undefined;
    },
    leave: () => leave(state === "closed" ? "closed" : "outside"),
    close: () => leave("closed"),
    closeNow,
  };
}
