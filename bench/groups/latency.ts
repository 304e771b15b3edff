import { type BenchOptions, inScratch } from "../bench.ts";
import { bestInTurns } from "../beside/rounds.ts";
import { startLoader } from "../load/load.ts";
import { ONE_HOST } from "../manifests.ts";
import { startContestants } from "./contestants.ts";

const REQUESTS = 30_000;

/** The slowest hundredth of small requests, with loader, backend and proxy on the same cores. */
export async function benchLatency(options: BenchOptions): Promise<void> {
  await inScratch(async (folder) => {
    const contestants = await startContestants(options, { folder, core: "any", peers: ["Caddy", "nginx"] });
    const loader = startLoader("any");
    const requests = Math.round(REQUESTS * options.size);
    try {
      for (const connections of [50, 500]) {
        const best = await bestInTurns(contestants.all, options.rounds, async ({ ports }) => {
          const load = { kind: "http", port: ports.http, hosts: [ONE_HOST], connections, requests } as const;
          return (await loader.run(load)).p99;
        });
        const figures = Object.fromEntries([...best].map(([{ name }, ms]) => [name, ms]));
        const { Caddy } = figures;
        const what = `p99 of small requests on ${connections} connections`;
        if (Caddy === undefined) options.report({ what, skipped: "Caddy is not installed" });
        else {
          const ratio = (best.get(contestants.ours) ?? Number.NaN) / Caddy;
          options.report({ what, figures, unit: "ms", ratio, limit: 1.2, of: "Caddy" });
        }
      }
    } finally {
      loader.stop();
      await contestants.stop();
    }
  });
}
