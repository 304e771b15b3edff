#!/usr/bin/env node

/** The package's version: the build writes it here, so that nothing is loaded to say it. */
declare const PACKAGE_VERSION: string | undefined;

async function readVersion(): Promise<string> {
  if (typeof PACKAGE_VERSION === "string") return PACKAGE_VERSION;
  const { readFileSync } = await import("node:fs");
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}

/**
 * Ends the process. After a closed terminal it ends by SIGHUP, exit status 129 in a shell: `process.exit`
 * would restore the terminal's modes, and Node.js aborts without a terminal (node.cc, ResetStdio).
 */
async function leave(exitCode: number): Promise<void> {
  const { signals } = (await import("node:os")).constants;
  const hadTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  if (exitCode !== 128 + signals.SIGHUP || !hadTerminal || process.platform === "win32") {
    process.exit(exitCode);
  }
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}

/** Answers only `--version`; each command loads the code that it needs. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  const version = await readVersion();
  if (argv[0] === "--version" || argv[0] === "-V") {
    process.stdout.write(`${version}\n`);
    return;
  }
  const { run } = await import("./cli/run.ts");
  const exitCode = await run(argv, {
    version,
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  // Flushes a pipe, but does not wait for open work such as issuing a certificate.
  process.stdout.write("", () => void leave(exitCode));
}

await main();
