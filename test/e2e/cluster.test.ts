import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import { chooseContext } from "../../src/kube/context.ts";
import { readKubeConfig } from "../../src/kube/kubeconfig.ts";
import type { ApiConnection } from "../../src/model/cluster.ts";
import { ask, createHome, type Home, startUp, type Up } from "./up-process.ts";

/** A real cluster's kubeconfig; the tests create their own namespace in its current context. */
const KUBECONFIG = process.env.INGRESS_DEV_E2E_KUBECONFIG;
const NAMESPACE = `ingress-dev-e2e-${process.pid}`;
const HOST = "e2e.ingress-dev.test";
/** Image pulls and namespace deletion take time. */
const PATIENCE = { timeout: 240_000, interval: 500 };

const labels = { app: "web" };
const pod = (name: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels },
  spec: {
    containers: [{ name: "nginx", image: "nginx:alpine", ports: [{ name: "http", containerPort: 80 }] }],
  },
});
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { selector: labels, ports: [{ port: 80, targetPort: "http" }] },
};
const backend = { service: { name: "web", port: { number: 80 } } };
const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "web" },
  spec: {
    ingressClassName: "nginx",
    rules: [{ host: HOST, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
  },
};

// Runs only with INGRESS_DEV_E2E_KUBECONFIG=FILE, because it writes to that cluster.
describe.runIf(KUBECONFIG !== undefined)("a real cluster (INGRESS_DEV_E2E_KUBECONFIG)", () => {
  let api: ApiConnection;
  let home: Home;
  let up: Up;
  const inNamespace = (path: string) => path.replace("NAMESPACE", NAMESPACE);
  const create = async (path: string, body: object) => {
    const answer = await api.request(inNamespace(path), { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([201, expect.any(String)]);
  };
  const status = async () => (await ask(up.httpPort, `http://${HOST}/`)).status;

  beforeAll(async () => {
    const place = { file: KUBECONFIG, env: process.env };
    api = connect(chooseContext(await readKubeConfig(place), undefined), { place });
    home = createHome();
    rmSync(home.manifests, { recursive: true });
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
    await create("/api/v1/namespaces", namespace);
    await create("/api/v1/namespaces/NAMESPACE/services", service);
    await create("/api/v1/namespaces/NAMESPACE/pods", pod("web-1"));
    await create("/apis/networking.k8s.io/v1/namespaces/NAMESPACE/ingresses", ingress);
    const named = ["--kubeconfig", KUBECONFIG ?? "", "--context", api.context, "-n", NAMESPACE];
    up = await startUp(home, named, { paths: [] });
  }, PATIENCE.timeout);
  afterAll(async () => {
    await up?.stop("SIGTERM");
    await api.request(inNamespace("/api/v1/namespaces/NAMESPACE"), { method: "DELETE" });
    api.close();
    home.remove();
  }, PATIENCE.timeout);

  test(
    "its pods answer as soon as they are ready, and another in the place of one that is gone",
    async () => {
      expect(up.ready.hosts).toEqual([HOST]);
      await vi.waitFor(async () => expect(await status()).toBe(200), PATIENCE);
      await create("/api/v1/namespaces/NAMESPACE/pods", pod("web-2"));
      await vi.waitFor(
        () => expect(up.events.some(({ upstream }) => String(upstream).startsWith("pod/web-1"))).toBe(true),
        PATIENCE,
      );
      await api.request(inNamespace("/api/v1/namespaces/NAMESPACE/pods/web-1"), { method: "DELETE" });
      await vi.waitFor(async () => {
        expect(await status()).toBe(200);
        expect(String(up.events.findLast(({ type }) => type === "hit")?.upstream)).toMatch(/^pod\/web-2/);
      }, PATIENCE);
    },
    2 * PATIENCE.timeout,
  );
});
