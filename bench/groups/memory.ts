import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchOptions, type Checkout, inScratch } from "../bench.ts";
import { startOurs } from "../beside/ours.ts";
import { manyText } from "../manifests.ts";

interface Size {
  readonly what: string;
  readonly ingresses: number;
  readonly paths: number;
  /** unit: MB */
  readonly limit: number;
  /** Time to `ready`. unit: ms */
  readonly readyMs?: number;
}

const SIZES: readonly Size[] = [
  { what: "10000 Ingresses", ingresses: 10_000, paths: 2, limit: 280, readyMs: 2_200 },
  { what: "100000 rules", ingresses: 10_000, paths: 10, limit: 700 },
];

/** Lets the garbage collector settle. unit: ms */
const SETTLE_MS = 3_000;

/** Resident memory and time to `ready` of many manifests. */
export async function benchMemory({ checkouts, report }: BenchOptions): Promise<void> {
  for (const { what, ingresses, paths, limit, readyMs } of SIZES) {
    const text = manyText(ingresses, paths);
    const resident: Record<string, number> = {};
    const ready: Record<string, number> = {};
    for (const checkout of checkouts) {
      const { megabytes, ms } = await measure(checkout, text);
      resident[checkout.name] = megabytes;
      ready[checkout.name] = ms;
    }
    const [{ name }] = checkouts;
    const ours = resident[name] ?? Number.NaN;
    report({
      what: `${what}, resident`,
      figures: resident,
      unit: "MB",
      ratio: ours / limit,
      limit: 1,
      of: `${limit} MB`,
    });
    if (readyMs === undefined) continue;
    const ratio = (ready[name] ?? Number.NaN) / readyMs;
    report({ what: `${what}, ready`, figures: ready, unit: "ms", ratio, limit: 1, of: `${readyMs} ms` });
  }
}

function measure(
  { root }: Checkout,
  text: string,
): Promise<{ readonly megabytes: number; readonly ms: number }> {
  return inScratch(async (folder) => {
    const manifests = join(folder, "manifests");
    mkdirSync(manifests);
    writeFileSync(join(manifests, "many.yaml"), text);
    const program = await startOurs({ root, args: [manifests, "--no-hosts"], folder, core: "any" });
    try {
      const ready = program.events().find((event) => event.startsWith('{"type":"ready"')) ?? "{}";
      await new Promise((done) => setTimeout(done, SETTLE_MS));
      return { megabytes: program.resident(), ms: Number(JSON.parse(ready).startMs) };
    } finally {
      await program.stop();
    }
  });
}
