import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { DEFAULT_TRANSPORT } from "../../../src/compile/ingress-nginx/settings.ts";
import { type WatchedCluster, watchCluster } from "../../../src/source/cluster/cluster.ts";
import { createResolver } from "../../../src/upstream/resolve.ts";
import { forwardAll, testProxy } from "../../proxy/support.ts";
import { listeningPod, type RunningPod, type TestCluster, testCluster } from "./support.ts";

const PATIENCE = { timeout: 20_000 };
const LABELS = { app: "web" };

/** The Service `default/web` with pods, and the proxy before them, connected as in `up`. */
interface Deployment {
  readonly cluster: TestCluster;
  readonly port: number;
  /** Reasons of answers with a status of 500 or more. */
  readonly failures: () => readonly string[];
  /** Creates a pod and waits until it is listed as ready. */
  readonly add: (name: string) => Promise<void>;
  /** Ends a pod like the kubelet: out of the endpoints, a signal, gone. */
  readonly end: (name: string) => Promise<void>;
  /** Ends it without notice, like a lost node. */
  readonly kill: (name: string) => Promise<void>;
  /** Requests `/`; returns status and pod name, or the failure. */
  readonly ask: () => Promise<string>;
}

async function deployment(): Promise<Deployment> {
  const cluster = await testCluster();
  const { server, api, forwards } = cluster;
  const running = new Map<string, RunningPod>();
  const states = new Map<string, "ready" | "terminating">();
  const publish = () =>
    server.apply({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "web-abcde", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
      addressType: "IPv4",
      ports: [{ name: "", port: 80, protocol: "TCP" }],
      endpoints: [...states].map(([name, state], at) => ({
        addresses: [`10.244.0.${at + 1}`],
        conditions: { ready: state === "ready", serving: true, terminating: state === "terminating" },
        targetRef: { kind: "Pod", namespace: "default", name },
      })),
    });
  server.apply({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { selector: LABELS, ports: [{ port: 80 }] },
  });
  const watched: WatchedCluster = await watchCluster(
    { api, namespaces: ["default"] },
    { onReading: ({ snapshot }) => resolver.update(snapshot), onState: () => {} },
  );
  onTestFinished(() => watched.close());
  const resolver = createResolver({ snapshot: watched.first.snapshot, maps: [], echo: undefined, forwards });
  const { nextUpstream } = DEFAULT_TRANSPORT;
  const { port, hits } = await testProxy(cluster.pod("unused"), {
    resolve: resolver.resolve,
    decide: forwardAll({ nextUpstream }),
  });
  const backend = { namespace: "default", service: "web", port: { number: 80 } };
  /** All upstreams of requests, in turn. */
  const upstreams = () =>
    Array.from({ length: 2 * states.size + 2 }, () => {
      const resolution = resolver.resolve(backend, "HTTP");
      return resolution.kind === "upstream" ? resolution.upstream.name : "";
    });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return {
    cluster,
    port,
    failures: () => hits.flatMap(({ status, why }) => (status < 500 ? [] : [why[0]?.text ?? ""])),
    add: async (name) => {
      const pod = await listeningPod((request, response) => {
        if (request.url === "/slow") response.write(name);
        else response.end(name);
      });
      running.set(name, pod);
      server.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace: "default", labels: LABELS },
        spec: { containers: [{ name: "web", ports: [{ containerPort: 80 }] }] },
        status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
      });
      server.servePod("default", name, 80, { host: "127.0.0.1", port: pod.port });
      states.set(name, "ready");
      publish();
      await vi.waitFor(() => expect(upstreams()).toContain(`pod/${name}:80`), PATIENCE);
    },
    end: async (name) => {
      states.set(name, "terminating");
      publish();
      // The signal does not wait until the endpoints are known.
      running.get(name)?.close();
      await vi.waitFor(() => expect(upstreams()).not.toContain(`pod/${name}:80`), PATIENCE);
      states.delete(name);
      server.remove("Pod", "default", name);
      publish();
    },
    kill: async (name) => {
      running.get(name)?.kill();
      server.remove("Pod", "default", name);
      states.delete(name);
      publish();
      await vi.waitFor(() => expect(upstreams()).not.toContain(`pod/${name}:80`), PATIENCE);
    },
    ask: async () => {
      try {
        const asked = get({ agent, port, host: "127.0.0.1", headers: { host: "a.test" } });
        const [response] = (await once(asked, "response")) as [IncomingMessage];
        const body = String(await buffer(response));
        return response.statusCode === 200 ? body : `${response.statusCode}`;
      } catch (error) {
        return String(error);
      }
    },
  };
}

/** Continuous GETs by several clients until stopped, with their results. */
function load(
  ask: () => Promise<string>,
  clients: number,
): { answered(by: string): Promise<void>; stop(): Promise<readonly string[]> } {
  const outcomes: string[] = [];
  let going = true;
  const client = async () => {
    while (going) outcomes.push(await ask());
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    answered: (by) => vi.waitFor(() => expect(outcomes).toContain(by), PATIENCE),
    stop: async () => {
      going = false;
      await all;
      return outcomes;
    },
  };
}

test("a rollout of three replicas loses no GET", async () => {
  const { ask, add, end, cluster, failures } = await deployment();
  for (const name of ["old-1", "old-2", "old-3"]) await add(name);
  const running = load(ask, 8);
  for (const at of [1, 2, 3]) {
    await add(`new-${at}`);
    await running.answered(`new-${at}`);
    await running.answered(`old-${at}`);
    await end(`old-${at}`);
  }
  await vi.waitFor(async () => expect(await ask()).toMatch(/^new-/), PATIENCE);
  const outcomes = await running.stop();
  expect(failures()).toEqual([]);
  expect(outcomes.filter((outcome) => !/^(old|new)-[123]$/.test(outcome))).toEqual([]);
  expect(new Set(outcomes)).toEqual(new Set(["old-1", "old-2", "old-3", "new-1", "new-2", "new-3"]));
  const forwards = cluster.server.running.filter(({ target }) => target?.subresource === "portforward");
  expect(forwards.filter(({ target }) => target?.name?.startsWith("old"))).toEqual([]);
});

test("pods that are killed without a word lose no GET as long as one is left", async () => {
  const { ask, add, kill, failures } = await deployment();
  for (const name of ["web-1", "web-2", "web-3"]) await add(name);
  const running = load(ask, 8);
  await kill("web-2");
  await kill("web-1");
  const outcomes = await running.stop();
  expect(failures()).toEqual([]);
  expect(outcomes.filter((outcome) => !/^web-[123]$/.test(outcome))).toEqual([]);
});

test("an answer that has begun ends, and is seen to be cut, when its pod is gone; the next pod answers at once", async () => {
  const { port, ask, add, kill } = await deployment();
  await add("web-1");
  const asked = get({ port, host: "127.0.0.1", path: "/slow", headers: { host: "a.test" }, agent: false });
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  response.on("error", () => {});
  response.resume();
  const closed = new Promise<void>((resolve) => response.once("close", resolve));
  await kill("web-1");
  await closed;
  expect(response.complete).toBe(false);
  expect(await ask()).toBe("503");
  await add("web-2");
  expect(await ask()).toBe("web-2");
});
