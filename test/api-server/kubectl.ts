import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServer } from "../support/api-server/api-server.ts";

/** The tested program. default: the first `kubectl` on the path */
const PROGRAM = process.env.KUBECTL ?? "kubectl";

/** The installed kubectl's minor version; `undefined` without one. */
export function kubectlMinor(): number | undefined {
  try {
    const text = execFileSync(PROGRAM, ["version", "--client", "-o", "json"], { encoding: "utf8" });
    return Number.parseInt(JSON.parse(text).clientVersion.minor, 10);
  } catch {
    return undefined;
  }
}

/** kubectl in its own folder, without the user's home, configuration and caches. */
export class Kubectl {
  readonly folder = mkdtempSync(join(tmpdir(), "kubectl-"));

  constructor(server: ApiServer) {
    this.write("kubeconfig", server.kubeconfig());
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /**
   * Runs a shell line with `kubectl …`; both outputs as a terminal shows them, and the exit code unless 0.
   */
  shell(line: string): Promise<string> {
    const command = line.replace(/(?<=^|\| )kubectl /, `'${PROGRAM}' `);
    return new Promise((resolve) => {
      execFile("sh", ["-c", `${command} 2>&1`], this.#options, (error, stdout) => {
        const exit = error === null ? "" : `[exit ${error.code}]\n`;
        resolve(`${stdout.replace(/[ \t]+$/gm, "")}${exit}`);
      });
    });
  }

  /** Leaves kubectl running; the caller ends it. */
  start(...args: readonly string[]) {
    return spawn(PROGRAM, args, { ...this.#options, stdio: ["ignore", "pipe", "pipe"] });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #options() {
    const { folder } = this;
    const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, "kubeconfig") };
    return { cwd: folder, env };
  }
}
