import { expect, onTestFinished, test } from "vitest";
import { match } from "../../src/match/match.ts";
import { startProxy } from "../../src/proxy/proxy.ts";
import { compileCase } from "../support/compiled-case.ts";
import { bodyOf, exchangeRaw, headLines } from "../support/raw.ts";

const WORKLOAD = (name: string, replicas: number) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [] } }
`;

function ingress(name: string, annotations: Readonly<Record<string, string>>): string {
  const written = Object.entries(annotations).map(
    ([key, value]) => `    nginx.ingress.kubernetes.io/${key}: ${JSON.stringify(value)}\n`,
  );
  return `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    example.com/none: ""
${written.join("")}spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }] }
`;
}

/** Serves manifests; a request returns its pod and cookie. */
async function serving(...manifests: readonly string[]) {
  const { table, resolver, close } = compileCase([{ file: "a.yaml", text: manifests.join("") }], {
    ...{ controller: "ingress-nginx", ingressClasses: ["nginx"], exact: false, echo: true },
  });
  const proxy = await startProxy({
    ...{ bind: "127.0.0.1", httpPort: 0, httpsPort: 0, exact: "local" },
    decide: (facts) => match(table, facts),
    resolve: resolver.resolve,
    noEndpoints: resolver.noEndpoints,
    secureContext: () => {
      throw new Error("nobody comes by https");
    },
    onHit: () => undefined,
    onUpstream: () => undefined,
  });
  onTestFinished(async () => {
    await proxy.close(0);
    await close();
  });
  return async (path: string, cookie = "") => {
    const lines = cookie === "" ? "" : `Cookie: ${cookie}\r\n`;
    const head = `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${lines}Connection: close\r\n\r\n`;
    const { text } = await exchangeRaw(proxy.http.port, head);
    const set = headLines(text).find((line) => line.startsWith("Set-Cookie: "));
    const { pod } = JSON.parse(bodyOf(text)) as { readonly pod: string };
    return { pod, cookie: set?.slice("Set-Cookie: ".length).split(";")[0] };
  };
}

async function times<T>(count: number, ask: (index: number) => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = [];
  for (let index = 0; index < count; index++) answers.push(await ask(index));
  return answers;
}

test.each([
  "balanced",
  "persistent",
])("affinity-mode %s: a client with its cookie stays at one pod", async (mode) => {
  const ask = await serving(
    ingress("web", { affinity: "cookie", "affinity-mode": mode }),
    WORKLOAD("web", 5),
  );
  const first = await ask("/");
  const again = await times(10, () => ask("/", first.cookie));
  expect(new Set(again.map(({ pod }) => pod))).toEqual(new Set([first.pod]));
  expect(again.every(({ cookie }) => cookie === undefined)).toBe(true);
  const others = await times(60, () => ask("/"));
  // Sixty draws of five miss three with a chance of one in 10^23.
  expect(new Set(others.map(({ pod }) => pod)).size).toBeGreaterThan(2);
});

test("upstream-hash-by: a path is always at its pod", async () => {
  const ask = await serving(ingress("web", { "upstream-hash-by": "$uri" }), WORKLOAD("web", 4));
  const first = await times(20, (index) => ask(`/${index}?first`));
  const again = await times(20, (index) => ask(`/${index}?again`));
  expect(again.map(({ pod }) => pod)).toEqual(first.map(({ pod }) => pod));
  expect(new Set(first.map(({ pod }) => pod)).size).toBeGreaterThan(1);
});

test("canary-weight with sessions: a client stays with the one it was given to", async () => {
  const ask = await serving(
    ingress("web", { affinity: "cookie" }),
    ingress("new", { canary: "true", "canary-weight": "50" }),
    WORKLOAD("web", 2),
    WORKLOAD("new", 2),
  );
  const clients = await times(80, () => ask("/"));
  const services = new Set(clients.map(({ pod }) => pod.split("-")[0]));
  // Eighty draws of two are all alike with a chance of one in 10^23.
  expect(services).toEqual(new Set(["web", "new"]));
  for (const { pod, cookie } of clients.slice(0, 20)) expect((await ask("/", cookie)).pod).toBe(pod);
});
