import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchOptions, type Checkout, inScratch, stopAll } from "../bench.ts";
import { startOurs } from "../beside/ours.ts";
import type { Program } from "../beside/program.ts";
import { bestInTurns } from "../beside/rounds.ts";
import { startLoader } from "../load/load.ts";
import { hostOf, isInClear, manyText } from "../manifests.ts";
import { type Backend, startBackend } from "./contestants.ts";

const CONNECTIONS = 32;
const REQUESTS = 20_000;
const [FEW, MANY] = [10, 20_000];

interface Way {
  readonly name: string;
  readonly program: Program;
  readonly hosts: readonly string[];
}

/** Processor time of a request that the echo service answers, beside a proxied one, and among many hosts. */
export async function benchEcho(options: BenchOptions): Promise<void> {
  await inScratch(async (folder) => {
    const backend = await startBackend("loading");
    const loader = startLoader();
    const ways: Way[] = [];
    try {
      for (const checkout of options.checkouts) {
        ways.push(await startWay(checkout, FEW, folder));
        ways.push(await startWay(checkout, MANY, folder));
      }
      ways.push(await startWay(options.checkouts[0], FEW, folder, backend));
      const cost = async ({ program, hosts }: Way, requests: number) => {
        const before = program.cpu();
        const { http: port } = program.ports;
        await loader.run({ kind: "http", port, hosts, connections: CONNECTIONS, requests });
        return (program.cpu() - before) / requests;
      };
      const requests = Math.round(REQUESTS * options.size);
      for (const way of ways) await cost(way, requests);
      const best = await bestInTurns(ways, options.rounds, (way) => cost(way, requests));
      const figures = Object.fromEntries([...best].map(([{ name }, us]) => [name, us]));
      const [few = Number.NaN, many = Number.NaN] = [...best.values()];
      const proxied = figures.proxied ?? Number.NaN;
      const shared = { figures, unit: "µs" };
      options.report({
        ...{ what: "an echo request", ...shared },
        ...{ ratio: few / proxied, limit: 1, of: "a proxied one" },
      });
      options.report({
        ...{ what: `an echo request among ${MANY} hosts`, ...shared },
        ...{ ratio: many / few, limit: 1.15, of: `one among ${FEW}` },
      });
    } finally {
      loader.stop();
      await stopAll([...ways.map(({ program }) => program), backend]);
    }
  });
}

async function startWay(
  { name, root }: Checkout,
  count: number,
  folder: string,
  backend?: Backend,
): Promise<Way> {
  const label = backend === undefined ? `${name}, ${count} hosts` : "proxied";
  const own = join(folder, label.replaceAll(/\W/g, "-"));
  const manifests = join(own, "manifests");
  mkdirSync(manifests, { recursive: true });
  writeFileSync(join(manifests, "many.yaml"), manyText(count));
  const maps = Array.from({ length: backend === undefined ? 0 : count }, (_, at) => [
    "--map",
    `team-${at % 50}/shop-${at}=${backend?.port}`,
  ]);
  const args = [manifests, ...maps.flat(), "--no-hosts"];
  const program = await startOurs({ root, args, folder: own, core: "measured" });
  const all = Array.from({ length: count }, (_, at) => at);
  return { name: label, program, hosts: all.filter(isInClear).map(hostOf) };
}
