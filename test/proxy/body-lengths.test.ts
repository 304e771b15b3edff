import { connect } from "node:http2";
import { expect, onTestFinished, test } from "vitest";
import type { ControllerName } from "../../src/compile/controllers.ts";
import { exchangeRaw } from "../support/raw.ts";
import { serveManifests } from "./served.ts";
import { httpUpstream } from "./support.ts";

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

/** Tells how a body came: `POST content-length=5 hello`. */
async function tellsLength(): Promise<number> {
  return httpUpstream((request, response) => {
    const chunks: Buffer[] = [];
    const { "content-length": length = "none", "transfer-encoding": coding = "none" } = request.headers;
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => response.end(`length ${length}, coding ${coding}: ${Buffer.concat(chunks)}`));
  });
}

const CHUNKED = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n";
const CHUNKS = "5\r\nhello\r\n0\r\n\r\n";

/** Envoy and Traefik pass bodies on as they come; nginx reads those without a length first. */
const BODIES: readonly (readonly [string, ControllerName, string, string, string])[] = [
  ["chunks", "ingress-nginx", CHUNKED, CHUNKS, "length 5, coding none: hello"],
  ["chunks", "contour", CHUNKED, CHUNKS, "length none, coding chunked: hello"],
  ["chunks", "traefik", CHUNKED, CHUNKS, "length none, coding chunked: hello"],
  ["POST of nothing", "ingress-nginx", "POST / HTTP/1.1\r\n", "", "length none, coding none: "],
  ["POST of nothing", "contour", "POST / HTTP/1.1\r\n", "", "length 0, coding none: "],
  ["POST of nothing", "traefik", "POST / HTTP/1.1\r\n", "", "length 0, coding none: "],
  ["DELETE of nothing", "contour", "DELETE / HTTP/1.1\r\n", "", "length none, coding none: "],
  ["DELETE of nothing", "traefik", "DELETE / HTTP/1.1\r\n", "", "length none, coding none: "],
];

test.each(BODIES)("%s under %s, as in the cluster", async (_, controller, head, body, told) => {
  const { port } = await serveManifests(
    INGRESS,
    { web: await tellsLength() },
    { exact: "exact" },
    controller,
  );
  const { text } = await exchangeRaw(port, `${head}Host: a.test\r\nConnection: close\r\n\r\n${body}`);
  expect(text).toContain(told);
});

test.each<[ControllerName]>([
  ["contour"],
  ["traefik"],
])("a body of HTTP/2 without a length reaches a backend of %s whole", async (controller) => {
  const { port } = await serveManifests(INGRESS, { web: await tellsLength() }, {}, controller);
  const session = connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": "POST", ":path": "/", ":authority": "a.test" });
  let text = "";
  const ended = new Promise((resolve, reject) => {
    stream.on("end", resolve).on("error", reject);
  });
  stream.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  stream.end("hello");
  await ended;
  expect(text).toBe("length none, coding chunked: hello");
});
