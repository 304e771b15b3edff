import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, test } from "vitest";
import { bodyOf, exchangeRaw, statusOf } from "../support/raw.ts";
import { serveManifests } from "./served.ts";
import { httpUpstream } from "./support.ts";

const manifests = (options: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { use-proxy-protocol: "true"${options} }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations: { nginx.ingress.kubernetes.io/force-ssl-redirect: "true" }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

const REQUEST = "GET /x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n";
const LINE = "PROXY TCP4 203.0.113.7 198.51.100.1 56324 443\r\n";

async function served(options = "", exact: "exact" | "local" = "exact") {
  const web = await httpUpstream((request, response) => response.end(JSON.stringify(request.headers)));
  return serveManifests(manifests(options), { web }, { exact });
}

/** The backend's received headers of these names. */
function seen(text: string): Record<string, string> {
  return JSON.parse(bodyOf(text)) as Record<string, string>;
}

test("the address and the port of a PROXY line are the client's; port 443 stands for https", async () => {
  const { port } = await served();
  const { text } = await exchangeRaw(port, `${LINE}${REQUEST}\r\n`);
  expect(seen(text)).toMatchObject({
    "x-real-ip": "203.0.113.7",
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
  });
});

test("another port is http, so that it is redirected", async () => {
  const { port } = await served();
  const { text } = await exchangeRaw(port, `${LINE.replace(" 443", " 80")}${REQUEST}\r\n`);
  expect(statusOf(text)).toBe(308);
});

test("headers of the client are no claim beside a PROXY line alone", async () => {
  const { port } = await served();
  const { text } = await exchangeRaw(port, `${LINE}${REQUEST}X-Forwarded-For: 9.9.9.9\r\n\r\n`);
  expect(seen(text)).toMatchObject({ "x-real-ip": "203.0.113.7", "x-original-forwarded-for": "9.9.9.9" });
});

test("use-forwarded-headers goes on from the address of the line, and tells the whole way with it", async () => {
  const { port } = await served(', use-forwarded-headers: "true", compute-full-forwarded-for: "true"');
  const { text } = await exchangeRaw(port, `${LINE}${REQUEST}X-Forwarded-For: 9.9.9.9\r\n\r\n`);
  expect(seen(text)).toMatchObject({
    "x-real-ip": "9.9.9.9",
    "x-forwarded-for": "9.9.9.9, 203.0.113.7",
  });
});

test("a line from who is not in proxy-real-ip-cidr says nothing of the address", async () => {
  const { port } = await served(", proxy-real-ip-cidr: 10.0.0.0/8");
  const { text } = await exchangeRaw(port, `${LINE}${REQUEST}\r\n`);
  expect(seen(text)).toMatchObject({ "x-real-ip": "127.0.0.1", "x-forwarded-port": "443" });
});

test("the binary form, in pieces", async () => {
  const { port } = await served();
  const header = Buffer.concat([
    Buffer.from("0d0a0d0a000d0a515549540a2111000c", "hex"),
    Buffer.from([203, 0, 113, 8, 198, 51, 100, 1, 0x12, 0x34, 0x01, 0xbb]),
  ]);
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  for (const byte of header) await new Promise<unknown>((sent) => socket.write(Buffer.from([byte]), sent));
  socket.write(`${REQUEST}\r\n`);
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(socket, "end");
  expect(seen(text)).toMatchObject({ "x-real-ip": "203.0.113.8" });
});

test.each([
  ["no line", `${REQUEST}\r\n`],
  ["a broken one", `PROXY TCP4 nonsense\r\n${REQUEST}\r\n`],
])("--exact: %s ends the connection without an answer", async (_, bytes) => {
  const { port } = await served();
  expect((await exchangeRaw(port, bytes)).text).toBe("");
});

test("who sends no line is served all the same without --exact", async () => {
  const { port } = await served("", "local");
  expect(statusOf((await exchangeRaw(port, `${REQUEST}\r\n`)).text)).toBe(308);
});

test("the line comes before TLS, and holds for what comes by it", async () => {
  const { proxy } = await served();
  const raw = connect(proxy.https.port, "127.0.0.1");
  await once(raw, "connect");
  raw.write(LINE);
  const socket = connectTls({ socket: raw, servername: "a.test", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  socket.write(`${REQUEST}\r\n`);
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(socket, "end");
  expect(seen(text)).toMatchObject({ "x-real-ip": "203.0.113.7", "x-forwarded-port": "443" });
});
