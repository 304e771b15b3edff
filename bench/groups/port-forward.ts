import { type ChildProcess, fork, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BenchOptions, inScratch, stopAll } from "../bench.ts";

const ROUNDS = 10;
/** Sequential kept-alive requests of a round. */
const REQUESTS = 1_000;
const READY_MS = 30_000;

/** A target of requests. */
interface Way {
  readonly port: number;
  stop(): void;
}

type Role = "cluster" | "forwarded" | "mapped";

/**
 * Added wall time of a port-forward for a small kept-alive request. Compares our proxy's own connection with
 * the proxy behind `kubectl port-forward` (`--map`), each minus the same proxy directly before the pod. All
 * use the same pod through the tests' API server, in alternating rounds; the best median counts.
 */
export async function benchPortForward({ report }: Pick<BenchOptions, "report">): Promise<void> {
  const what = "what a port-forward adds to a proxied request";
  const ways: Way[] = [];
  const add = async (way: Promise<Way>): Promise<Way> => {
    ways.push(await way);
    return way;
  };
  await inScratch(async (folder) => {
    const kubeconfig = join(folder, "config");
    const pod = await add(start("cluster", kubeconfig));
    const kubectl = await startKubectl(kubeconfig, folder);
    if (kubectl === undefined) return report({ what, skipped: "there is no kubectl to measure it beside" });
    ways.push(kubectl);
    const forwarded = await add(start("forwarded", kubeconfig));
    const [direct, mapped] = [
      await add(start("mapped", String(pod.port))),
      await add(start("mapped", String(kubectl.port))),
    ];
    const best = await bestOf(ways);
    const without = best(direct);
    const [ours, theirs] = [best(forwarded) - without, best(mapped) - without].map((ms) => ms * 1000);
    if (ours === undefined || theirs === undefined) return;
    const figures = { "ingress-dev": ours, "kubectl port-forward": theirs };
    report({ what, figures, unit: "µs", ratio: ours / theirs, limit: 1, of: "kubectl port-forward" });
  }).finally(() => stopAll(ways));
}

/** The lowest median of each way. unit: ms */
async function bestOf(ways: readonly Way[]): Promise<(way: Way) => number> {
  const best = new Map<Way, number>();
  for (const way of ways) await ready(way);
  for (const way of ways) await round(way, REQUESTS);
  for (let at = 0; at < ROUNDS; at += 1)
    for (const way of ways)
      best.set(way, Math.min(best.get(way) ?? Number.POSITIVE_INFINITY, await round(way, REQUESTS)));
  return (way) => best.get(way) ?? Number.POSITIVE_INFINITY;
}

/** The median request time. unit: ms */
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

/** On a busy machine the first connection may exceed the proxy's timeout. */
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

function start(role: Role, to: string): Promise<Way> {
  const child = fork(fileURLToPath(import.meta.url), [role, to], { stdio: "inherit" });
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

/** A child's task; returns its port. */
const ROLES: Record<Role, (to: string) => Promise<number>> = {
  /** The API server and the pod. */
  cluster: async (kubeconfig) => {
    const { startApiServer } = await import("../../test/support/api-server/api-server.ts");
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
  forwarded: async (kubeconfig) => {
    const { forwardingProxy } = await import("../../test/upstream/port-forward/forwarding-proxy.ts");
    return forwardingProxy(kubeconfig);
  },
  mapped: async (port) => {
    const { mappedProxy } = await import("../../test/upstream/port-forward/forwarding-proxy.ts");
    return mappedProxy(Number(port));
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , role, to = ""] = process.argv;
  if (role === "cluster" || role === "forwarded" || role === "mapped") process.send?.(await ROLES[role](to));
  process.once("disconnect", () => process.exit());
}
