import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real pseudo-terminal with one program. */
export interface Terminal {
  /** Presses keys by tmux's names (`C-c`, `Escape`, `q`). */
  press(...keys: readonly string[]): void;
  /** The screen; `-e`: with SGR sequences. */
  screen(...flags: readonly "-e"[]): string;
  resize(columns: number, rows: number): void;
  /** Wipes the screen without the program's knowledge. */
  wipe(): void;
  /** tmux's variables of the pane: `alternate_on`, `cursor_flag` … */
  ask(variable: string): string;
  /** Waits until the screen contains a text or matches a pattern; returns it. */
  until(wanted: string | RegExp): Promise<string>;
  pid(): number;
  close(): void;
}

const DEADLINE_MS = 15_000;

/** True if tmux is installed. */
export function haveTmux(): boolean {
  try {
    execFileSync("tmux", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * A terminal with its own tmux server, which runs the program as a shell command. After the program's end the
 * screen shows `status N`, and the terminal stays.
 */
export function openTerminal(command: string, env: Readonly<Record<string, string>> = {}): Terminal {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-tmux-"));
  const environment: NodeJS.ProcessEnv = { ...process.env, TMUX_TMPDIR: folder, TERM: "xterm-256color" };
  // Variables of vitest and the caller's terminal must not affect the program.
  for (const name of ["TMUX", "NODE_ENV", "CI", "NO_COLOR", "FORCE_COLOR", "NODE_OPTIONS"])
    delete environment[name];
  const tmux = (...args: readonly string[]) =>
    execFileSync("tmux", ["-f", "/dev/null", ...args], { env: { ...environment, ...env }, encoding: "utf8" });
  const pidFile = join(folder, "pid");
  const inner = `echo $$ > '${pidFile}'; exec ${command}`;
  const outer = `sh -c "${inner.replaceAll(/["$]/g, "\\$&")}"; echo status $?; exec sleep 1000`;
  tmux("new-session", "-d", "-x", "80", "-y", "24", outer);
  const screen = (...flags: readonly string[]) => tmux("capture-pane", "-p", ...flags);
  return {
    screen,
    press: (...keys) => void tmux("send-keys", ...keys),
    resize: (columns, rows) => void tmux("resize-window", "-x", String(columns), "-y", String(rows)),
    wipe: () => writeFileSync(tmux("display", "-p", "#{pane_tty}").trim(), "\x1b[2J"),
    ask: (variable) => tmux("display", "-p", `#{${variable}}`).trim(),
    async until(wanted) {
      const deadline = performance.now() + DEADLINE_MS;
      for (;;) {
        const text = screen();
        if (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)) return text;
        if (performance.now() > deadline) throw new Error(`waited for ${wanted} in vain:\n${text}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    pid: () => Number(readFileSync(pidFile, "utf8")),
    close() {
      tmux("kill-server");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
