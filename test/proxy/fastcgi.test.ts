import { connect as connectHttp2 } from "node:http2";
import { describe, expect, onTestFinished, test } from "vitest";
import { match } from "../../src/match/match.ts";
import { parseOptions } from "../support/case-file.ts";
import { compileCase } from "../support/compiled-case.ts";
import { type FastCgiCall, fastCgiApp } from "../support/fastcgi-app.ts";
import { bodyOf, exchangeRaw, openRaw, reset, statusOf } from "../support/raw.ts";
import {
  deadPort,
  forwardAll,
  httpUpstream,
  signal,
  type TestProxy,
  testProxy,
  upstreamAt,
} from "./support.ts";

const MANIFESTS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: php
  annotations:
    nginx.ingress.kubernetes.io/backend-protocol: FCGI
    nginx.ingress.kubernetes.io/fastcgi-index: index.php
    nginx.ingress.kubernetes.io/fastcgi-params-configmap: params
spec:
  ingressClassName: nginx
  rules:
    - host: php.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: php, port: { number: 9000 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: new
  annotations:
    nginx.ingress.kubernetes.io/backend-protocol: FCGI
    nginx.ingress.kubernetes.io/rewrite-target: /new/$1
spec:
  ingressClassName: nginx
  rules:
    - host: new.test
      http: { paths: [{ path: "/old/(.*)", pathType: ImplementationSpecific, backend: { service: { name: php, port: { number: 9000 } } } }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: params }
data:
  SCRIPT_FILENAME: /app$fastcgi_script_name
  HTTP_PROXY: "none"
  TEAM: $http_x_team.$document_root
`;

/** A proxy before the application, for the manifests above. */
async function served(answer: (call: FastCgiCall) => void): Promise<TestProxy> {
  const port = await fastCgiApp(answer);
  const all = compileCase([{ file: "php.yaml", text: MANIFESTS }], parseOptions("", "php.yaml"));
  onTestFinished(() => all.close());
  expect(all.problems).toEqual([]);
  return testProxy(upstreamAt(port, { protocol: "fcgi" }), { decide: (facts) => match(all.table, facts) });
}

/** A proxy before the application, with only the protocol set. */
async function plain(answer: (call: FastCgiCall) => void, settings = {}): Promise<TestProxy> {
  const upstream = upstreamAt(await fastCgiApp(answer), { protocol: "fcgi" });
  return testProxy(upstream, { decide: forwardAll({ protocol: "FCGI", ...settings }) });
}

const JSON_HEAD = "Content-Type: application/json\r\n\r\n";

/** Answers with its parameters. */
function tell(call: FastCgiCall): void {
  const json = JSON.stringify({ ...call.params, body: call.body });
  call.send(`Content-Length: ${Buffer.byteLength(json, "latin1")}\r\n${JSON_HEAD}${json}`);
  call.end();
}

async function told(proxy: TestProxy, head: string, body = ""): Promise<Record<string, string>> {
  const { text } = await exchangeRaw(proxy.port, `${head}\r\nConnection: close\r\n\r\n${body}`);
  expect(statusOf(text)).toBe(200);
  return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
}

const GET = "GET / HTTP/1.1\r\nHost: php.test\r\nConnection: close\r\n\r\n";

describe("what an application is told", () => {
  test("nginx's fastcgi_params, the ConfigMap's over them, and the client's headers", async () => {
    const proxy = await served(tell);
    const head =
      "GET /shop/%C3%A9/?a=1&b HTTP/1.1\r\nHost: php.test\r\nX-Team: blue\r\nCookie: a=1\r\nCookie: b=2\r\nX_Bad: 1\r\nProxy: evil\r\nAuthorization: Basic YWxpY2U6cHc=";
    expect(await told(proxy, head)).toEqual({
      QUERY_STRING: "a=1&b",
      REQUEST_METHOD: "GET",
      CONTENT_TYPE: "",
      CONTENT_LENGTH: "",
      SCRIPT_NAME: "/shop/\xc3\xa9/index.php",
      SCRIPT_FILENAME: "/app/shop/\xc3\xa9/index.php",
      REQUEST_URI: "/shop/%C3%A9/?a=1&b",
      DOCUMENT_URI: "/shop/\xc3\xa9/",
      DOCUMENT_ROOT: "/usr/local/nginx/html",
      SERVER_PROTOCOL: "HTTP/1.1",
      REQUEST_SCHEME: "http",
      GATEWAY_INTERFACE: "CGI/1.1",
      SERVER_SOFTWARE: "nginx",
      REMOTE_ADDR: "127.0.0.1",
      REMOTE_PORT: expect.stringMatching(/^\d+$/),
      REMOTE_USER: "alice",
      SERVER_ADDR: "127.0.0.1",
      SERVER_PORT: String(proxy.port),
      SERVER_NAME: "php.test",
      REDIRECT_STATUS: "200",
      HTTP_PROXY: "none",
      TEAM: "blue./usr/local/nginx/html",
      HTTP_HOST: "php.test",
      HTTP_X_TEAM: "blue",
      HTTP_COOKIE: "a=1; b=2",
      HTTP_AUTHORIZATION: "Basic YWxpY2U6cHc=",
      HTTP_CONNECTION: "close",
      body: "",
    });
  });

  test("a rewrite changes the script and the document, not the request's URI", async () => {
    const proxy = await served(tell);
    expect(await told(proxy, "GET /old/a%20b?c HTTP/1.1\r\nHost: new.test")).toMatchObject({
      SCRIPT_NAME: "/new/a b",
      DOCUMENT_URI: "/new/a b",
      REQUEST_URI: "/old/a%20b?c",
      QUERY_STRING: "c",
    });
  });

  test("a body with its length; without one it is kept until the length is known", async () => {
    const proxy = await served(tell);
    const head = "POST / HTTP/1.1\r\nHost: php.test\r\nContent-Type: text/plain";
    const known = await told(proxy, `${head}\r\nContent-Length: 5`, "hello");
    expect(known).toMatchObject({ CONTENT_LENGTH: "5", CONTENT_TYPE: "text/plain", body: "hello" });
    const chunked = await told(
      proxy,
      `${head}\r\nTransfer-Encoding: chunked`,
      "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    );
    expect(chunked).toMatchObject({ CONTENT_LENGTH: "5", body: "hello" });
    const long = "x".repeat(200_000);
    const much = await told(proxy, `${head}\r\nX-Long: ${"y".repeat(300)}\r\nContent-Length: 200000`, long);
    expect(much.body).toBe(long);
    expect(much.HTTP_X_LONG).toBe("y".repeat(300));
  });

  test("HTTP/2 by https", async () => {
    const proxy = await plain(tell);
    const session = connectHttp2(`https://127.0.0.1:${proxy.proxy.https.port}`, {
      rejectUnauthorized: false,
    });
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":authority": "h2.test", ":path": "/", ":method": "POST" });
    stream.end("hi");
    const chunks = await stream.toArray();
    expect(JSON.parse(String(Buffer.concat(chunks)))).toMatchObject({
      SERVER_PROTOCOL: "HTTP/2.0",
      HTTP_HOST: "h2.test",
      CONTENT_LENGTH: "2",
      body: "hi",
    });
  });
});

describe("what the client gets", () => {
  test.each([
    ["no status", "X-A: 1\r\nX-A: 2\r\n\r\nbody", 200, "body"],
    ["a status", "Status: 404 Not Here\nContent-Type: text/plain\n\ngone", 404, "gone"],
    ["a Location alone", "Location: http://b.test/\r\n\r\n", 302, ""],
    ["more than it announced", "Content-Length: 2\r\n\r\nabcdef", 200, "ab"],
  ])("%s", async (_, answer, status, body) => {
    const proxy = await plain((call) => {
      for (const char of answer) call.send(char);
      call.end();
    });
    const { text } = await exchangeRaw(proxy.port, GET);
    expect(statusOf(text)).toBe(status);
    expect(text).not.toMatch(/^Status:/im);
    const framed = bodyOf(text);
    const unchunked = framed.replace(/[0-9a-f]+\r\n([^\r]*)\r\n/g, "$1").replace(/\r\n$/, "");
    expect(/Transfer-Encoding/i.test(text) ? unchunked : framed).toBe(body);
  });

  test("the head goes out at once, the body as it comes; a HEAD has none", async () => {
    const go = signal();
    const proxy = await served((call) => {
      call.send("Content-Length: 4\r\n\r\n");
      if (call.params.REQUEST_METHOD === "HEAD") return call.end();
      void go.promise.then(() => {
        call.send("late");
        call.end();
      });
    });
    const client = await openRaw(proxy.port);
    client.send("GET / HTTP/1.1\r\nHost: php.test\r\n\r\n");
    await client.until((text) => text.includes("\r\n\r\n"));
    go.resolve();
    await client.until((text) => text.endsWith("late"));
    client.send("HEAD / HTTP/1.1\r\nHost: php.test\r\nConnection: close\r\n\r\n");
    expect((await client.end()).text).toMatch(/late(?:.|\r\n)*Content-Length: 4(?:.|\r\n)*\r\n\r\n$/);
  });

  test("30 MB, no faster than the client reads", async () => {
    const megabyte = "x".repeat(50_000);
    let sent = 0;
    const proxy = await plain((call) => {
      call.send("Content-Length: 30000000\r\n\r\n");
      const more = () => {
        while (sent < 600) {
          sent++;
          call.send(megabyte);
          if (call.socket.writableNeedDrain) return void call.socket.once("drain", more);
        }
        call.end();
      };
      more();
    });
    const client = await openRaw(proxy.port);
    client.socket.pause();
    client.send(GET);
    let before = -1;
    while (before !== sent || sent === 0) {
      before = sent;
      for (let turn = 0; turn < 300; turn++) await new Promise(setImmediate);
    }
    expect(sent).toBeLessThan(400);
    client.socket.resume();
    expect(bodyOf((await client.end()).text).length).toBe(30_000_000);
  });
});

describe("applications that fail", () => {
  test.each([
    [
      "closes without an answer",
      (call: FastCgiCall) => call.socket.end(),
      502,
      /closed the connection before/,
    ],
    [
      "complains, and answers nothing",
      (call: FastCgiCall) => {
        call.send("Primary script unknown", "stderr");
        call.end();
      },
      502,
      /it said: Primary script unknown/,
    ],
    ["sends no header", (call: FastCgiCall) => call.send("no header at all\r\n\r\n"), 502, /sent no header/],
    ["sends a status of 99", (call: FastCgiCall) => call.send("Status: 99\r\n\r\n"), 502, /the status 0/],
    [
      "speaks HTTP",
      (call: FastCgiCall) => void call.socket.write("HTTP/1.1 200 OK\r\n\r\n"),
      502,
      /does not speak FastCGI/,
    ],
    ["breaks off", (call: FastCgiCall) => reset(call.socket), 502, /could not be used/],
    ["says nothing", () => {}, 504, /nothing came for 200 ms/],
  ])("one that %s", async (_, answer, status, why) => {
    const proxy = await plain(answer, { readTimeoutMs: 200 });
    const { text } = await exchangeRaw(proxy.port, GET);
    expect(statusOf(text)).toBe(status);
    expect(text).toMatch(why);
    expect((await proxy.hit(1))[0]).toMatchObject({ status });
  });

  test("nobody there, or somebody who speaks HTTP only: 502", async () => {
    for (const port of [await deadPort(), await httpUpstream((_, response) => response.end("http"))]) {
      const proxy = await testProxy(upstreamAt(port, { protocol: "fcgi" }), { decide: forwardAll() });
      expect(statusOf((await exchangeRaw(proxy.port, GET)).text)).toBe(502);
    }
  });

  test("an answer that breaks off never ends as if it were complete; a client that leaves is told", async () => {
    const arrived = signal();
    const left = signal();
    const proxy = await served((call) => {
      if (call.params.REQUEST_URI === "/half") {
        call.send("Content-Type: a/b\r\n\r\nhalf");
        call.socket.end();
        return;
      }
      call.socket.on("close", left.resolve);
      arrived.resolve();
    });
    const half = await exchangeRaw(proxy.port, GET.replace("/ HTTP", "/half HTTP"));
    expect(half.text).toContain("half");
    expect(half.text).not.toContain("\r\n0\r\n");
    const client = await openRaw(proxy.port);
    client.send("GET / HTTP/1.1\r\nHost: php.test\r\n\r\n");
    await arrived.promise;
    client.socket.destroy();
    await left.promise;
    expect((await proxy.hit(2))[1]).toMatchObject({ status: 499 });
  });
});
