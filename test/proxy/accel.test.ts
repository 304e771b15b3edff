import { expect, test } from "vitest";
import { bodyOf, exchangeRaw, headLines, statusOf } from "../support/raw.ts";
import { ingressWith, serveManifests } from "./served.ts";
import { httpUpstream } from "./support.ts";

// Cases compared with nginx 1.22.1. The real controller was measured to obey the header.

interface Asked {
  readonly line: string;
  readonly body: string;
}

type Reply = readonly [status: number, headers: readonly (readonly [string, string])[]];

/** A backend with answers by path, and the requests that it received. */
async function backend(answers: Readonly<Record<string, Reply>>): Promise<{ port: number; asked: Asked[] }> {
  const asked: Asked[] = [];
  const port = await httpUpstream((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method, url = "" } = request;
      asked.push({ line: `${method} ${url}`, body });
      const [status, headers] = answers[url.split("?")[0] ?? ""] ?? [200, []];
      response.writeHead(status, headers.flat()).end(`at ${url}`);
    });
  });
  return { port, asked };
}

const to = (path: string) => ["X-Accel-Redirect", path] as const;
const ask = (port: number, line: string, rest = "\r\n") =>
  exchangeRaw(port, `${line} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${rest}`);

test.each([
  ["GET /a", "GET /b", "/b"],
  ["GET /a?x=1", "GET /b?y=%20", "/b?y=%20"],
  ["GET /a", "GET /b/c%20d", "/b%2Fc%20d"],
  ["HEAD /a", "HEAD /b", "/b"],
  ["POST /a", "GET /b", "/b"],
])("%s goes on as %s", async (line, asked, value) => {
  const web = await backend({ "/a": [200, [to(value), ["X-Own", "1"], ["X-Accel-Expires", "1"]]] });
  const { port, hit } = await serveManifests(ingressWith({}), { web: web.port });
  const { text } = await ask(port, line);
  expect(statusOf(text)).toBe(200);
  expect(text).not.toMatch(/x-accel|x-own/i);
  expect(web.asked.map((one) => one.line)).toEqual([line, asked]);
  expect((await hit(1))[0]?.why[0]?.text).toBe(`the Service default/web answered X-Accel-Redirect: ${value}`);
});

test("the body goes on with it, and the status of what sends it on does not count", async () => {
  const web = await backend({ "/a": [404, [to("/b")]] });
  const { port } = await serveManifests(ingressWith({}), { web: web.port });
  const { text } = await ask(port, "POST /a", "Content-Length: 3\r\n\r\nabc");
  expect(statusOf(text)).toBe(200);
  expect(bodyOf(text)).toContain("at /b");
  expect(web.asked).toEqual([
    { line: "POST /a", body: "abc" },
    { line: "GET /b", body: "abc" },
  ]);
});

test("some of its headers stay, before those of the answer", async () => {
  const both = (one: string): (readonly [string, string])[] => [
    ["Set-Cookie", `${one}=1`],
    ["Cache-Control", `no-${one}`],
    ["Content-Disposition", one],
    ["Expires", one],
    ["Content-Type", `text/${one}`],
    ["ETag", one],
  ];
  const web = await backend({
    "/a": [200, [to("/b"), ...both("a"), ["Accept-Ranges", "bytes"], ["X-A", "1"]]],
    "/b": [200, both("b")],
  });
  const { port } = await serveManifests(ingressWith({}), { web: web.port });
  const lines = headLines((await ask(port, "GET /a")).text);
  const named = (name: string) => lines.filter((line) => line.startsWith(`${name}: `));
  expect(named("Set-Cookie")).toEqual(["Set-Cookie: a=1", "Set-Cookie: b=1"]);
  expect(named("Cache-Control")).toEqual(["Cache-Control: no-a", "Cache-Control: no-b"]);
  expect(named("Content-Disposition")).toHaveLength(2);
  expect(named("Expires")).toHaveLength(2);
  expect(named("Accept-Ranges")).toHaveLength(1);
  expect(named("Content-Type")).toEqual(["Content-Type: text/b"]);
  expect(named("ETag")).toEqual(["ETag: b"]);
  expect(named("X-A")).toEqual([]);
});

test("ten times, then 500", async () => {
  const web = await backend({ "/a": [200, [to("/a")]] });
  const { port, hit } = await serveManifests(ingressWith({}), { web: web.port });
  expect(statusOf((await ask(port, "GET /a")).text)).toBe(500);
  expect(web.asked).toHaveLength(11);
  expect((await hit(1))[0]?.why[0]?.text).toContain("more than 10 times");
});

test.each([
  ["/../etc", 404],
  ["/a/%2e%2e/b", 404],
  ["/%00", 404],
  ["?x", 404],
  ["elsewhere", 404],
  ["@custom_x", 500],
])("to %j: %i, and nobody is asked", async (value, status) => {
  const web = await backend({ "/a": [200, [to(value)]] });
  const { port } = await serveManifests(ingressWith({}), { web: web.port });
  expect(statusOf((await ask(port, "GET /a")).text)).toBe(status);
  expect(web.asked).toHaveLength(1);
});

const PATHS = `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: inner
  annotations: { nginx.ingress.kubernetes.io/denylist-source-range: "127.0.0.0/8" }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /secret, pathType: Prefix, backend: { service: { name: inner, port: { number: 80 } } } }] }
`;

test("what is asked at the location that it goes on to is asked", async () => {
  const web = await backend({
    "/a": [200, [to("/secret/x"), ["Set-Cookie", "a=1"], ["Content-Type", "text/a"]]],
  });
  const inner = await backend({});
  const { port } = await serveManifests(ingressWith({}, PATHS), { web: web.port, inner: inner.port });
  const { text } = await ask(port, "GET /a");
  expect(statusOf(text)).toBe(403);
  expect(text).toContain("\r\nSet-Cookie: a=1\r\n");
  expect(text).toContain("\r\nContent-Type: text/html\r\n");
  expect(inner.asked).toEqual([]);
});

test("a request that is sent on is not counted twice", async () => {
  const web = await backend({ "/a": [200, [to("/b")]] });
  const limits = { "limit-rpm": "1", "limit-burst-multiplier": "1" };
  const { port } = await serveManifests(ingressWith(limits), { web: web.port });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push(statusOf((await ask(port, "GET /a")).text));
  expect(statuses).toEqual([200, 200, 503]);
});

test("an upgrade that is answered so goes on as a request", async () => {
  const web = await backend({ "/a": [200, [to("/b")]] });
  const { port } = await serveManifests(ingressWith({}), { web: web.port });
  const { text } = await exchangeRaw(
    port,
    "GET /a HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
  );
  expect(statusOf(text)).toBe(200);
  expect(bodyOf(text)).toContain("at /b");
});
