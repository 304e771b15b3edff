import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const listener = (name: string) =>
  `{ name: ${name}, port: 443, protocol: HTTPS, hostname: ${name}.test, tls: { certificateRefs: [{ name: ${name} }] } }`;
const forward = (path: string) =>
  `{ matches: [{ path: { value: ${path} } }], backendRefs: [{ name: web, port: 80 }] }`;

/** Two HTTPS listeners of one port: the name in the handshake chooses. */
const MANIFESTS = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: eg }
spec: { controllerName: gateway.envoyproxy.io/gatewayclass-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw }
spec:
  gatewayClassName: eg
  listeners: [{ name: http, port: 80, protocol: HTTP }, ${listener("a")}, ${listener("b")}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: to-b }
spec:
  parentRefs: [{ name: gw, sectionName: http }]
  hostnames: [go.test]
  rules:
    - filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, hostname: b.test } }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: b }
spec:
  parentRefs: [{ name: gw, sectionName: b }]
  hostnames: [b.test]
  rules: [${forward("/long")}, ${forward("/other")}, ${forward("/")}]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-listeners-"));
  writeFileSync(join(folder, "gateway.yaml"), MANIFESTS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explained = async (...argv: readonly string[]) =>
  (await runHere(["explain", ...argv, "-f", join(folder, "gateway.yaml")], { cwd: folder })).stdout;

test("explain --follow goes on at the second listener, by its local port", async () => {
  const hops = (await explained("--follow", "http://go.test/long")).match(/^GET .*$/gm);
  expect(hops).toEqual([
    "GET http://go.test:31000/long  → redirect 302 https://b.test:32000/long",
    "GET https://b.test:32000/long  → forward default/web:80 /long",
  ]);
});

test("explain names the passed-over routes of the second listener", async () => {
  expect(await explained("https://b.test/long")).toContain("does not cover /long");
});

test("explain --tree searches the routes of the second listener", async () => {
  const { tree } = JSON.parse(await explained("--tree", "-o", "json", "https://b.test/long"));
  expect(JSON.stringify(tree)).toContain('"host":"b.test"');
});

test("replay compares requests to the second listener", async () => {
  const request = { method: "GET", url: "https://b.test/long", headers: [] };
  const response = { status: 200, headers: [], content: {}, redirectURL: "" };
  writeFileSync(join(folder, "a.har"), JSON.stringify({ log: { entries: [{ request, response }] } }));
  const argv = ["replay", "a.har", join(folder, "gateway.yaml"), "--offline", "-o", "json"];
  const { stdout } = await runHere(argv, { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ compared: 1, leftOut: [] });
});
