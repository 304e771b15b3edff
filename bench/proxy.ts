import { type ChildProcess, fork } from "node:child_process";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Decision } from "../src/model/decision.ts";
import { reason } from "../src/model/reason.ts";
import type { Backend, Route } from "../src/model/route.ts";

/** Processor time per proxied request, best round. unit: µs */
export interface ProxyCost {
  readonly ours: number;
  /** A plain `@fastify/http-proxy`. */
  readonly bare: number;
  readonly ratio: number;
}

export interface ProxyBench {
  readonly rounds: number;
  readonly requests: number;
  readonly connections: number;
  /** No round begins after this. */
  readonly maxMs: number;
}

const DEFAULTS: ProxyBench = { rounds: 8, requests: 6_000, connections: 32, maxMs: 60_000 };

/** One proxy in its own process, which reports its processor time. unit: µs */
interface Contestant {
  readonly port: number;
  cpu(): Promise<number>;
  stop(): void;
}

type Role = "ours" | "bare" | "upstream";

/**
 * Measures both proxies in separate processes before the same upstream, in alternating rounds, so that a busy
 * machine affects both.
 */
export async function benchProxy(options: Partial<ProxyBench> = {}): Promise<ProxyCost> {
  const bench = { ...DEFAULTS, ...options };
  const upstream = await start("upstream", 0);
  const contestants = { ours: await start("ours", upstream.port), bare: await start("bare", upstream.port) };
  const best = { ours: Number.POSITIVE_INFINITY, bare: Number.POSITIVE_INFINITY };
  const names = ["ours", "bare"] as const;
  try {
    for (const name of names) await round(contestants[name], bench);
    const end = performance.now() + bench.maxMs;
    for (let i = 0; i < bench.rounds && performance.now() < end; i++)
      for (const name of names) best[name] = Math.min(best[name], await round(contestants[name], bench));
  } finally {
    for (const each of [upstream, contestants.ours, contestants.bare]) each.stop();
  }
  return { ...best, ratio: best.ours / best.bare };
}

async function round(contestant: Contestant, { requests, connections }: ProxyBench): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const before = await contestant.cpu();
  let left = requests;
  const worker = async () => {
    while (left-- > 0) await fetchOnce(agent, contestant.port);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const used = (await contestant.cpu()) - before;
  agent.destroy();
  return used / requests;
}

/** One browser-like request. */
function fetchOnce(agent: Agent, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get({ agent, port, host: "127.0.0.1", path: "/path1/index.html?a=1", headers: HEADERS });
    request.on("error", reject);
    request.on("response", (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      response.resume().on("end", resolve).on("error", reject);
    });
  });
}

const HEADERS = {
  Host: "www.basic1.com",
  "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "Accept-Language": "en-US,en;q=0.5",
  "Accept-Encoding": "gzip, deflate, br",
  Cookie: "session=abcdef0123456789",
};

function start(role: Role, upstream: number): Promise<Contestant> {
  const child = fork(fileURLToPath(import.meta.url), [role, String(upstream)], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${role} ended with ${code}`)));
    child.once("message", (port) =>
      resolve({ port: Number(port), cpu: () => askCpu(child), stop: () => child.kill("SIGKILL") }),
    );
  });
}

function askCpu(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("message", (used) => resolve(Number(used)));
    child.send("cpu");
  });
}

/** A child's task; returns its port. */
const ROLES: Record<Role, (upstream: number) => Promise<number>> = {
  upstream: async () => {
    const body = Buffer.from("hello from the upstream\n");
    const server = createServer((_, response) => {
      response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  },
  bare: async (upstream) => {
    const { default: fastify } = await import("fastify");
    const { default: proxy } = await import("@fastify/http-proxy");
    const app = fastify();
    await app.register(proxy, { upstream: `http://127.0.0.1:${upstream}` });
    await app.listen({ host: "127.0.0.1", port: 0 });
    return (app.server.address() as AddressInfo).port;
  },
  ours: async (upstream) => {
    const { createSecureContext } = await import("node:tls");
    const { startProxy } = await import("../src/proxy/proxy.ts");
    const decision = simpleDecision();
    let hits = 0;
    const proxy = await startProxy({
      bind: "127.0.0.1",
      httpPort: 0,
      httpsPort: 0,
      exact: "local",
      decide: (facts) => ({ ...decision, upstreamPath: facts.target }),
      noEndpoints: () => undefined,
      resolve: () => ({
        kind: "upstream",
        upstream: {
          name: `127.0.0.1:${upstream}`,
          protocol: "http",
          connection: { kind: "tcp", host: "127.0.0.1", port: upstream },
          basePath: "",
        },
      }),
      secureContext: () => createSecureContext(),
      onHit: () => hits++,
      onUpstream: () => {},
    });
    return proxy.http.port;
  },
};

function simpleDecision(): Extract<Decision, { kind: "forward" }> {
  const backend: Backend = { namespace: "default", service: "service1", port: { number: 80 } };
  const route: Route = {
    id: "default/basic www.basic1.com/path1 Prefix",
    ingress: { namespace: "default", name: "basic", file: "basic.yaml", line: 10 },
    rule: { host: "www.basic1.com", path: "/path1", pathType: "Prefix", regex: false },
    steps: [],
    action: { kind: "forward", shares: [{ backend, weight: 1 }] },
    transport: {
      protocol: "HTTP",
      bodyLimit: 1_048_576,
      connectTimeoutMs: 5_000,
      readTimeoutMs: 60_000,
      sendTimeoutMs: 60_000,
      nextUpstream: { conditions: new Set(["error", "timeout"]), tries: 3, timeoutMs: 0 },
      buffers: { responseHeadBytes: 4_096 },
    },
    why: [reason("longest-prefix", "the longest prefix of the path is /path1")],
  };
  return { kind: "forward", route, backend, upstreamPath: "/", why: route.why };
}

/** Child: take the role. Alone: measure and print. */
async function main(role: string | undefined, upstream: string | undefined): Promise<void> {
  if (role === "ours" || role === "bare" || role === "upstream") {
    process.send?.(await ROLES[role](Number(upstream)));
    process.on("message", () => {
      const { user, system } = process.cpuUsage();
      process.send?.(user + system);
    });
    process.once("disconnect", () => process.exit());
    return;
  }
  const cost = await benchProxy();
  console.log(`processor time per small proxied GET (${cpus().length} cores, best round)`);
  console.log(`  ingress-dev          ${cost.ours.toFixed(1)} µs`);
  console.log(`  @fastify/http-proxy  ${cost.bare.toFixed(1)} µs`);
  console.log(`  ratio                ${cost.ratio.toFixed(2)} (at most 0.65)`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2], process.argv[3]);
