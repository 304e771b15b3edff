import { compile } from "../../src/compile/compile.ts";
import { match } from "../../src/match/match.ts";
import type { BenchOptions } from "../bench.ts";
import { manyIngresses } from "./compile.ts";

const [FEW, MANY] = [10, 20_000];

/** Processor time of `match` among few and many hosts. */
export async function benchMatch({ report }: Pick<BenchOptions, "report">): Promise<void> {
  const [few, many] = [nanosecondsPerMatch(FEW), nanosecondsPerMatch(MANY)];
  const figures = { [`${FEW} hosts`]: few, [`${MANY} hosts`]: many };
  report({
    what: `a match among ${MANY} hosts`,
    figures,
    ...{ unit: "ns", ratio: many / few, of: `one among ${FEW}` },
  });
}

/** Each host is asked in turn. Best of several rounds. unit: ns */
function nanosecondsPerMatch(hosts: number): number {
  const { table } = compile(
    manyIngresses(hosts, (index) => `shop-${index}.test`),
    { controller: "ingress-nginx", ingressClasses: ["nginx"], classless: "served" },
  );
  const requests = Array.from({ length: Math.min(hosts, 20_000) }, (_, index) => ({
    scheme: "http" as const,
    method: "GET",
    host: `shop-${index}.test:31000`,
    target: "/api/v1/users?id=1",
    ports: { http: 31000, https: 32000 },
    exact: false,
    header: () => undefined,
    remoteAddress: "127.0.0.1",
    chance: 0.5,
    noEndpoints: () => undefined,
  }));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const started = process.cpuUsage();
    for (let asked = 0; asked < 200_000; asked += requests.length)
      for (const request of requests) match(table, request);
    const { user, system } = process.cpuUsage(started);
    const asked = Math.ceil(200_000 / requests.length) * requests.length;
    best = Math.min(best, ((user + system) * 1000) / asked);
  }
  return best;
}
