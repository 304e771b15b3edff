import { spawn } from "node:child_process";
import { join } from "node:path";
import { type BenchOptions, type Checkout, inScratch } from "../bench.ts";
import { apart, mainOf } from "../beside/ours.ts";

const ROUNDS = 8;
/** Of `node -e 0`. */
const [READY, VERSION] = [3, 1.1];

/** `--version` and the time to `ready`, beside an empty Node.js program in the same rounds. Best wall time of each. */
export async function benchStart({ checkouts, report }: BenchOptions): Promise<void> {
  const best = { empty: new Best(), version: new Map<string, Best>(), ready: new Map<string, Best>() };
  for (let round = 0; round < ROUNDS; round++) {
    best.empty.take(await untilExit(["-e", "0"]));
    for (const checkout of checkouts) {
      bestOf(best.version, checkout).take(await untilExit([mainOf(checkout.root), "--version"]));
      bestOf(best.ready, checkout).take(await quickStart(checkout));
    }
  }
  const empty = best.empty.ms;
  const [{ name }] = checkouts;
  for (const { what, of, limit } of [
    { what: "ingress-dev --version", of: best.version, limit: VERSION },
    { what: "ingress-dev up until ready", of: best.ready, limit: READY },
  ]) {
    const figures = Object.fromEntries([...of].map(([each, { ms }]) => [each, ms]));
    const ratio = (figures[name] ?? Number.NaN) / empty;
    report({ what, figures: { ...figures, "node -e 0": empty }, unit: "ms", ratio, limit, of: "node -e 0" });
  }
}

class Best {
  ms = Number.POSITIVE_INFINITY;

  take(ms: number): void {
    this.ms = Math.min(this.ms, ms);
  }
}

function bestOf(all: Map<string, Best>, { name }: Checkout): Best {
  const best = all.get(name) ?? new Best();
  all.set(name, best);
  return best;
}

function quickStart({ root }: Checkout): Promise<number> {
  return inScratch((folder) => {
    const args = [mainOf(root), "up", join(root, "examples/quick-start"), "-o", "json"];
    return untilReady([...args, ...apart(folder)]);
  });
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
