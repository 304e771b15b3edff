#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";

/** The version in the package's own `package.json`, which lies one folder up in the sources, two in the build. */
function readVersion(): string {
  const file = ["../package.json", "../../package.json"]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  const manifest: unknown = file === undefined ? undefined : JSON.parse(readFileSync(file, "utf8"));
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) return "unknown";
  return String(manifest.version);
}

/**
 * Ends the process. After a terminal was closed it ends as SIGHUP ends any program, which a shell also calls 129:
 * `process.exit` would put the terminal's modes back, and Node.js aborts when there is no terminal (node.cc, ResetStdio).
 */
function leave(exitCode: number): void {
  const hadTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  if (exitCode !== 128 + constants.signals.SIGHUP || !hadTerminal || process.platform === "win32") {
    process.exit(exitCode);
  }
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}

/** Nothing but `--version` is answered here: whatever costs time to load is loaded by the command that needs it. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv[0] === "--version" || argv[0] === "-V") {
    process.stdout.write(`${readVersion()}\n`);
    return;
  }
  const { run } = await import("./cli/run.ts");
  const exitCode = await run(argv, {
    version: readVersion(),
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  // What is still in a pipe goes out first; what is still open (a certificate being issued) is not waited for.
  process.stdout.write("", () => leave(exitCode));
}

await main();
