import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./outcome.ts";

/** How much is measured. */
export interface ForwardBench {
  readonly rounds: number;
  /** Kept-alive requests of a round, one after another on one connection. */
  readonly requests: number;
}

const DEFAULTS: ForwardBench = { rounds: 10, requests: 1_000 };

const READY_MS = 30_000;

/** Where requests may be sent. */
interface Way {
  readonly port: number;
  stop(): void;
}

type Role = "cluster" | "ours";

/**
 * What a port-forward adds to a small kept-alive request, in ms of wall time: the median by our proxy, and by `kubectl
 * port-forward`, each less the median without any. All to the same pod through the same API server, which is the one of
 * the tests, in rounds that take turns; of all rounds the best of each counts.
 *
 * Undefined where there is no kubectl.
 */
export async function benchPortForward(options: Partial<ForwardBench> = {}): Promise<Outcome | undefined> {
  const bench = { ...DEFAULTS, ...options };
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-bench-"));
  const ways: Way[] = [];
  const add = async (way: Promise<Way>): Promise<Way> => {
    ways.push(await way);
    return way;
  };
  try {
    const kubeconfig = join(folder, "config");
    const pod = await add(start("cluster", kubeconfig));
    const ours = await add(start("ours", kubeconfig));
    const kubectl = await startKubectl(kubeconfig, folder);
    if (kubectl === undefined) return undefined;
    ways.push(kubectl);
    const best = new Map<Way, number>();
    for (const way of ways) await ready(way);
    for (const way of ways) await round(way, bench.requests);
    for (let at = 0; at < bench.rounds; at += 1)
      for (const way of ways)
        best.set(way, Math.min(best.get(way) ?? Number.POSITIVE_INFINITY, await round(way, bench.requests)));
    const added = (way: Way) => (best.get(way) ?? 0) - (best.get(pod) ?? 0);
    const us = (ms: number) => `${(ms * 1000).toFixed(0)} µs`;
    return {
      what: "latency that a port-forward adds to a kept-alive request, beside kubectl port-forward",
      figure: `${us(added(ours))}, kubectl ${us(added(kubectl))}`,
      ratio: added(ours) / added(kubectl),
      limit: 1,
    };
  } finally {
    for (const way of ways) way.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The median of a request's time, in ms. */
async function round({ port }: Way, requests: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let at = 0; at < requests; at += 1) {
    const started = performance.now();
    await fetchOnce(agent, port);
    times.push(performance.now() - started);
  }
  agent.destroy();
  times.sort((a, b) => a - b);
  return times[requests >> 1] ?? 0;
}

/** On a busy machine the first connection may take longer than the proxy waits for it. */
async function ready({ port }: Way): Promise<void> {
  const agent = new Agent();
  const deadline = performance.now() + READY_MS;
  const isServed = () =>
    fetchOnce(agent, port).then(
      () => true,
      () => false,
    );
  while (!(await isServed()))
    if (performance.now() > deadline) throw new Error(`nothing is served on port ${port}`);
}

function fetchOnce(agent: Agent, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = get({ agent, port, host: "127.0.0.1", path: "/", headers: { Host: "a.test" } });
    asked.on("error", reject);
    asked.on("response", (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      response.resume().on("end", resolve).on("error", reject);
    });
  });
}

function start(role: Role, kubeconfig: string): Promise<Way> {
  const child = fork(fileURLToPath(import.meta.url), [role, kubeconfig], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${role} ended with ${code}`)));
    child.once("message", (port) => resolve({ port: Number(port), stop: () => void child.kill("SIGKILL") }));
  });
}

function startKubectl(kubeconfig: string, home: string): Promise<Way | undefined> {
  const args = ["--kubeconfig", kubeconfig, "port-forward", "pod/web-1", ":80", "--address", "127.0.0.1"];
  const env = { ...process.env, HOME: home };
  const child: ChildProcess = spawn("kubectl", args, { env, stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      if ("code" in error && error.code === "ENOENT") resolve(undefined);
      else reject(error);
    });
    child.once("exit", (code) => reject(new Error(`kubectl ended with ${code}`)));
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
      const port = /127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve({ port: Number(port), stop: () => void child.kill("SIGKILL") });
    });
  });
}

/** What a child runs; returns its port. */
const ROLES: Record<Role, (kubeconfig: string) => Promise<number>> = {
  /** The API server, and the pod. */
  cluster: async (kubeconfig) => {
    const { startApiServer } = await import("../test/support/api-server/api-server.ts");
    const body = Buffer.from("hello from the pod\n");
    const pod = createServer((_, response) => {
      response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length }).end(body);
    });
    await new Promise<void>((resolve) => pod.listen(0, "127.0.0.1", resolve));
    const { port } = pod.address() as AddressInfo;
    const server = await startApiServer();
    server.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web-1", namespace: "default" },
      spec: { containers: [{ name: "web", ports: [{ containerPort: 80 }] }] },
      status: { phase: "Running" },
    });
    server.servePod("default", "web-1", 80, { host: "127.0.0.1", port });
    writeFileSync(kubeconfig, server.kubeconfig());
    return port;
  },
  ours: async (kubeconfig) => {
    const { forwardingProxy } = await import("../test/upstream/port-forward/forwarding-proxy.ts");
    return forwardingProxy(kubeconfig);
  },
};

/** As a child: take the role. Alone: measure, and print. */
async function main(role: string | undefined, kubeconfig: string | undefined): Promise<void> {
  if (role === "cluster" || role === "ours") {
    process.send?.(await ROLES[role](kubeconfig ?? ""));
    process.once("disconnect", () => process.exit());
    return;
  }
  const outcome = await benchPortForward();
  console.log(
    outcome === undefined ? "there is no kubectl" : `${outcome.figure}: ${outcome.ratio.toFixed(2)}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2], process.argv[3]);
