import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { type BenchOptions, type Checkout, inScratch } from "../bench.ts";
import { startOurs } from "../beside/ours.ts";
import { Prober } from "../load/prober.ts";
import { hostOf, ingressText, isInClear } from "../manifests.ts";

const INGRESSES = 10_000;
const SAVES = 20;
/** Of one save. unit: ms */
const [SERVED_MS, STALL_MS] = [400, 20];

interface Reloads {
  readonly servedMs: number;
  readonly stallMs: number;
  readonly firstMb: number;
  readonly lastMb: number;
}

/** One save among 10,000 Ingresses in one file: until it is served, what it holds up, and what many leave behind. */
export async function benchReload(options: BenchOptions): Promise<void> {
  const measured = new Map<string, Reloads>();
  for (const checkout of options.checkouts) measured.set(checkout.name, await reloads(checkout));
  const ours = measured.get(options.checkouts[0].name);
  if (ours === undefined) return;
  const each = (figure: (of: Reloads) => number) =>
    Object.fromEntries([...measured].map(([name, of]) => [name, figure(of)]));
  options.report({
    ...{ what: `a save among ${INGRESSES} Ingresses is served`, figures: each(({ servedMs }) => servedMs) },
    ...{ unit: "ms", ratio: ours.servedMs / SERVED_MS, limit: 1, of: `${SERVED_MS} ms` },
  });
  options.report({
    ...{ what: "the longest stall of requests by a save", figures: each(({ stallMs }) => stallMs) },
    ...{ unit: "ms", ratio: ours.stallMs / STALL_MS, limit: 1, of: `${STALL_MS} ms` },
  });
  options.report({
    ...{ what: `resident memory after ${SAVES} saves`, figures: each(({ lastMb }) => lastMb) },
    ...{ unit: "MB", ratio: ours.lastMb / ours.firstMb, limit: 1.3, of: "that after the first" },
  });
}

function reloads({ root }: Checkout): Promise<Reloads> {
  return inScratch(async (folder) => {
    const manifests = join(folder, "manifests");
    mkdirSync(manifests);
    const texts = Array.from({ length: INGRESSES }, (_, at) => ingressText(at));
    const file = join(manifests, "many.yaml");
    const save = () => writeFileSync(file, texts.join("---\n"));
    save();
    const program = await startOurs({ root, args: [manifests, "--no-hosts"], folder, core: "measured" });
    const prober = new Prober(program.ports.http, hostOf(1));
    const served: number[] = [];
    const stalls: number[] = [];
    let firstMb = 0;
    try {
      for (let round = 0; round < SAVES; round++) {
        const at = 101 + round * 452;
        if (!isInClear(at)) throw new Error(`${hostOf(at)} answers http with a redirect`);
        texts[at] = ingressText(at).replace("path: /api/v1", `path: /api/changed-${round}`);
        const started = performance.now();
        const during = prober.longest();
        save();
        await until(() => answers(program.ports.http, hostOf(at), `/api/changed-${round}`));
        served.push(performance.now() - started);
        await new Promise((done) => setTimeout(done, 300));
        stalls.push(during());
        if (round === 0) firstMb = program.resident();
      }
      const lastMb = program.resident();
      return { servedMs: median(served), stallMs: median(stalls), firstMb, lastMb };
    } finally {
      prober.stop();
      await program.stop();
    }
  });
}

/** True once the echo service of the new path answers. */
function answers(port: number, host: string, path: string): Promise<boolean> {
  return new Promise((done, fail) => {
    const request = get({ port, host: "127.0.0.1", path, headers: { Host: host, Connection: "close" } });
    request.once("error", fail);
    request.once("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += String(chunk);
      });
      response.once("end", () => done(text.includes("-api")));
    });
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 5));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
