import { type BenchOptions, inScratch } from "../bench.ts";
import type { Peer } from "../beside/peers.ts";
import type { Program } from "../beside/program.ts";
import { bestInTurns } from "../beside/rounds.ts";
import { type Load, startLoader } from "../load/load.ts";
import { ONE_HOST } from "../manifests.ts";
import { startContestants } from "./contestants.ts";

/** A kind of traffic, and what it may cost beside a peer. */
interface Traffic {
  readonly what: string;
  readonly kind: Load["kind"];
  readonly connections: number;
  /** Of a round. */
  readonly requests: number;
  readonly unit: "µs" | "ms";
  /** What one request counts: 100 for the megabytes of a large body. */
  readonly parts?: number;
  readonly limits: Readonly<Partial<Record<Peer, number>>>;
}

const TRAFFIC: readonly Traffic[] = [
  {
    what: "a small request, http",
    ...{ kind: "http", connections: 32, requests: 16_000, unit: "µs" },
    limits: { Caddy: 0.65, "@fastify/http-proxy": 0.5 },
  },
  {
    what: "a small request, https by HTTP/1.1",
    ...{ kind: "https", connections: 32, requests: 12_000, unit: "µs" },
    limits: { Caddy: 0.75 },
  },
  {
    what: "a small request, https by HTTP/2",
    ...{ kind: "h2", connections: 4, requests: 12_000, unit: "µs" },
    limits: { Caddy: 0.45 },
  },
  {
    what: "a WebSocket message and its echo",
    ...{ kind: "websocket", connections: 16, requests: 20_000, unit: "µs" },
    limits: { Caddy: 1 },
  },
  {
    what: "a megabyte of a large answer",
    ...{ kind: "download", connections: 2, requests: 8, unit: "µs", parts: 100 },
    limits: { Caddy: 2 },
  },
  {
    what: "a megabyte of a large upload",
    ...{ kind: "upload", connections: 2, requests: 8, unit: "µs", parts: 100 },
    limits: { Caddy: 2.5 },
  },
];

/** Processor time of each kind of traffic beside the peers: the same backend, one core, best of interleaved rounds. */
export async function benchRequests(options: BenchOptions): Promise<void> {
  await inScratch(async (folder) => {
    const contestants = await startContestants(options, { folder, core: "measured" });
    const loader = startLoader();
    try {
      for (const traffic of TRAFFIC) {
        const takesPart = contestants.all.filter((each) => carries(each, traffic));
        const cost = (program: Program, requests: number) => costOf(program, traffic, requests, loader.run);
        const requests = Math.max(4, Math.round(traffic.requests * options.size));
        for (const each of takesPart) await cost(each, Math.ceil(requests / 4));
        const best = await bestInTurns(takesPart, options.rounds, (each) => cost(each, requests));
        report(traffic, best, contestants.ours, options);
      }
      for (const peer of contestants.absent) options.report({ what: peer, skipped: "it is not installed" });
    } finally {
      loader.stop();
      await contestants.stop();
    }
  });
}

/** The Node.js peers listen on http alone, and the one in plain `http` does not upgrade. */
function carries({ name, ports }: Program, { kind }: Traffic): boolean {
  if (kind === "https" || kind === "h2") return ports.https !== 0;
  return kind !== "websocket" || name !== "Node's http";
}

async function costOf(
  program: Program,
  { kind, connections, parts = 1 }: Traffic,
  requests: number,
  run: (load: Load) => Promise<unknown>,
): Promise<number> {
  const port = kind === "https" || kind === "h2" ? program.ports.https : program.ports.http;
  const before = program.cpu();
  await run({ kind, port, hosts: [ONE_HOST], connections, requests }).catch((error: unknown) => {
    throw new Error(`${program.name}, ${kind}: ${String(error)}`);
  });
  return (program.cpu() - before) / requests / parts;
}

function report(
  { what, unit, limits }: Traffic,
  best: ReadonlyMap<Program, number>,
  ours: Program,
  options: BenchOptions,
): void {
  const figures = Object.fromEntries([...best].map(([{ name }, cost]) => [name, cost]));
  for (const [of, limit] of Object.entries(limits)) {
    const beside = figures[of];
    if (beside === undefined) continue;
    const ratio = (best.get(ours) ?? Number.NaN) / beside;
    options.report({ what, figures, unit, ratio, limit, of });
  }
}
