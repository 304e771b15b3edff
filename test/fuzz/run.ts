import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import build from "../support/built.ts";
import { faultsOf } from "./commands.ts";
import { anyManifest } from "./manifests.ts";
import { randomOf } from "./random.ts";
import { openTarget, STORM } from "./up.ts";

/** `npm run fuzz`: `FUZZ_SEED` repeats a run, `FUZZ_SECONDS` (default: 60) bounds it. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 60);

const folder = join(tmpdir(), `ingress-dev-fuzz-${SEED}`);
let found = 0;

function report(what: string, faults: readonly string[], text: string): void {
  if (faults.length === 0) return;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${++found}-${what}.yaml`);
  writeFileSync(file, text);
  console.log(`${file}\n  ${faults.join("\n  ")}`);
}

await build();
// The first text pays for the loading of every command.
await faultsOf("", "", randomOf(0));
console.log(`FUZZ_SEED=${SEED} FUZZ_SECONDS=${SECONDS}`);
const random = randomOf(SEED);
const until = performance.now() + SECONDS * 1000;
const half = performance.now() + SECONDS * 500;

let texts = 0;
let before = "";
while (performance.now() < half) {
  const text = anyManifest(random);
  report("manifest", await faultsOf(text, before, random), text);
  before = text;
  texts++;
}

const target = await openTarget(random);
let saves = 0;
let known = 0;
while (performance.now() < until) {
  const text = anyManifest(random);
  await target.save(text);
  await target.storm();
  saves++;
  const faults = target.faults();
  report("saved", faults.slice(known), text);
  known = faults.length;
}
report("ended", (await target.close()).slice(known), "");
console.log(`longest turn of the event loop: ${target.longestTurn()} ms of processor time`);
console.log(
  `${texts} manifests read, ${saves} saved under up with ${STORM * saves} requests: ${found} findings`,
);
process.exitCode = found === 0 ? 0 : 1;
