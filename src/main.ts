#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";

/** The version in the package's `package.json`, one folder up in the sources, two in the build. */
function readVersion(): string {
  const file = ["../package.json", "../../package.json"]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  const manifest: unknown = file === undefined ? undefined : JSON.parse(readFileSync(file, "utf8"));
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) return "unknown";
  return String(manifest.version);
}

/**
 * Ends the process. After a closed terminal it ends by SIGHUP, exit status 129 in a shell: `process.exit`
 * would restore the terminal's modes, and Node.js aborts without a terminal (node.cc, ResetStdio).
 */
function leave(exitCode: number): void {
  const hadTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  if (exitCode !== 128 + constants.signals.SIGHUP || !hadTerminal || process.platform === "win32") {
    process.exit(exitCode);
  }
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}

/** Answers only `--version`; each command loads the code that it needs. */
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
  // Flushes a pipe, but does not wait for open work such as issuing a certificate.
  process.stdout.write("", () => leave(exitCode));
}

await main();
