import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Outcome } from "./outcome.ts";

const ROUNDS = 8;
const ROOT = resolve(import.meta.dirname, "..");
const MAIN = join(ROOT, "dist/src/main.js");

/**
 * `--version` and the time to `ready`, beside an empty Node.js program in the same rounds. Best wall time of
 * each.
 */
export async function benchStart(): Promise<readonly Outcome[]> {
  if (!existsSync(MAIN)) throw new Error("there is no dist/: npm run build comes first");
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-bench-"));
  const hosts = join(folder, "hosts");
  writeFileSync(hosts, "127.0.0.1 localhost\n");
  const up = [MAIN, "up", join(ROOT, "examples/quick-start"), "-o", "json"];
  const apart = [
    "--http-port",
    "0",
    "--https-port",
    "0",
    "--hosts-file",
    hosts,
    "--certs-dir",
    join(folder, "certs"),
  ];
  const best = {
    empty: Number.POSITIVE_INFINITY,
    version: Number.POSITIVE_INFINITY,
    ready: Number.POSITIVE_INFINITY,
  };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      best.empty = Math.min(best.empty, await untilExit(["-e", "0"]));
      best.version = Math.min(best.version, await untilExit([MAIN, "--version"]));
      best.ready = Math.min(best.ready, await untilReady([...up, ...apart]));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const figure = (ms: number) => `${ms.toFixed(0)} ms, node -e 0 ${best.empty.toFixed(0)} ms`;
  return [
    {
      what: "ingress-dev --version",
      figure: figure(best.version),
      ratio: best.version / best.empty,
      limit: 2,
    },
    {
      what: "ingress-dev up until ready",
      figure: figure(best.ready),
      ratio: best.ready / best.empty,
      limit: 8,
    },
  ];
}

async function untilExit(args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  await new Promise((done) => child.once("exit", done));
  return performance.now() - started;
}

/** Time from the start to `ready`; ends the process. unit: ms */
async function untilReady(args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise((done) => child.once("exit", done));
  const ready = new Promise<number>((done, fail) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk;
      if (text.includes('{"type":"ready"')) done(performance.now() - started);
    });
    child.once("exit", () => fail(new Error(`up ended before it was ready:\n${text}`)));
  });
  try {
    return await ready;
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}
