import { createSecureContext } from "node:tls";
import { connect } from "../../../src/kube/connect.ts";
import { chooseContext } from "../../../src/kube/context.ts";
import { readKubeConfig } from "../../../src/kube/kubeconfig.ts";
import type { Decision } from "../../../src/model/decision.ts";
import { reason } from "../../../src/model/reason.ts";
import type { Backend, Route } from "../../../src/model/route.ts";
import type { Upstream } from "../../../src/model/upstream.ts";
import { startProxy } from "../../../src/proxy/proxy.ts";
import { createPodForwards } from "../../../src/upstream/port-forward/forwards.ts";

const backend: Backend = { namespace: "default", service: "web", port: { number: 80 } };
const route: Route = {
  id: "default/web a.test/ Prefix",
  ingress: { namespace: "default", name: "web", file: "web.yaml", line: 8 },
  rule: { host: "a.test", path: "/", pathType: "Prefix", regex: false },
  steps: [],
  action: { kind: "forward", shares: [{ backend, weight: 1 }] },
  transport: {
    protocol: "HTTP",
    bodyLimit: 0,
    connectTimeoutMs: 5_000,
    readTimeoutMs: 60_000,
    sendTimeoutMs: 60_000,
  },
  why: [reason("longest-prefix", "the path / is a prefix of every path")],
};
const decision: Extract<Decision, { kind: "forward" }> = {
  kind: "forward",
  route,
  backend,
  upstreamPath: "/",
  why: route.why,
};

/** A proxy for port 80 of the pod `default/web-1`; returns its port. Runs until the process ends. */
export async function forwardingProxy(kubeconfig: string): Promise<number> {
  const place = { file: kubeconfig, env: process.env };
  const api = connect(chooseContext(await readKubeConfig(place), undefined), { place });
  // Loads in advance what `up` has loaded before it forwards to pods.
  await (await api.request("/version")).text();
  const forwards = createPodForwards(api);
  const to = { namespace: "default", pod: "web-1", uid: "", port: 80 };
  return proxyTo("pod/web-1:80", { kind: "stream", open: (signal) => forwards.open(to, signal) });
}

/** The same for a local port, as with `--map`. */
export function mappedProxy(port: number): Promise<number> {
  return proxyTo(`127.0.0.1:${port}`, { kind: "tcp", host: "127.0.0.1", port });
}

async function proxyTo(name: string, connection: Upstream["connection"]): Promise<number> {
  const proxy = await startProxy({
    bind: "127.0.0.1",
    httpPort: 0,
    httpsPort: 0,
    exact: "local",
    noEndpoints: () => undefined,
    decide: (facts) => ({ ...decision, upstreamPath: facts.target }),
    resolve: () => ({ kind: "upstream", upstream: { name, protocol: "http", connection, basePath: "" } }),
    secureContext: () => createSecureContext(),
    onHit: () => {},
    onUpstream: () => {},
  });
  return proxy.http.port;
}
