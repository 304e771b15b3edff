import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServer } from "../support/api-server/api-server.ts";

/** The program to test with: `KUBECTL` of the environment, or the first on the path. */
const PROGRAM = process.env.KUBECTL ?? "kubectl";

/** The minor version of the kubectl of this machine, `undefined` where there is none. */
export function kubectlMinor(): number | undefined {
  try {
    const text = execFileSync(PROGRAM, ["version", "--client", "-o", "json"], { encoding: "utf8" });
    return Number.parseInt(JSON.parse(text).clientVersion.minor, 10);
  } catch {
    return undefined;
  }
}

/** kubectl in a folder of its own, with nothing of the user's: home, configuration and caches are there. */
export class Kubectl {
  readonly folder = mkdtempSync(join(tmpdir(), "kubectl-"));

  constructor(server: ApiServer) {
    this.write("kubeconfig", server.kubeconfig());
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a line of the shell with `kubectl …` in it; both outputs as a terminal shows them, and the exit code if it is not 0. */
  shell(line: string): Promise<string> {
    const command = line.replace(/(?<=^|\| )kubectl /, `'${PROGRAM}' `);
    return new Promise((resolve) => {
      execFile("sh", ["-c", `${command} 2>&1`], this.#options, (error, stdout) => {
        const exit = error === null ? "" : `[exit ${error.code}]\n`;
        resolve(`${stdout.replace(/[ \t]+$/gm, "")}${exit}`);
      });
    });
  }

  /** Starts kubectl and leaves it running; the caller ends it. */
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
