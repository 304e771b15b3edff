import { connect as connectHttp2 } from "node:http2";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { DEFAULT_CLIENT_OPTIONS } from "../../src/model/client-options.ts";
import { nginxPlane } from "../../src/plane/nginx.ts";
import { exchangeRaw, headLines, openRaw, statusOf } from "../support/raw.ts";
import { httpUpstream, onHead, rawUpstream, signal, testProxy } from "./support.ts";

const HOST = "Host: a.test\r\n";
const LAST = `GET /last HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;

describe("pipelined requests", () => {
  test("each begins when the one before it is answered, a POST behind a POST included", async () => {
    const asked: string[] = [];
    const answered: string[] = [];
    const upstream = await httpUpstream((request, response) => {
      asked.push(`${request.url} after ${answered.join()}`);
      request.resume().on("end", () =>
        setTimeout(() => {
          answered.push(request.url ?? "");
          response.end(request.url);
        }, 20),
      );
    });
    const { port } = await testProxy(upstream);
    const post = (path: string) => `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\nab`;
    const { text } = await exchangeRaw(port, post("/1") + post("/2") + LAST);
    expect(asked).toEqual(["/1 after ", "/2 after /1", "/last after /1,/2"]);
    expect(text.split("HTTP/1.1 200").map((answer) => answer.split("\r\n\r\n")[1])).toEqual([
      undefined,
      "/1",
      "/2",
      "/last",
    ]);
  });

  test("what is read ahead of an answer is bounded", async () => {
    const arrived = signal();
    const go = signal();
    const upstream = await httpUpstream((request, response) => {
      if (request.url !== "/slow") return void response.end();
      arrived.resolve();
      void go.promise.then(() => response.end());
    });
    const options = { ...DEFAULT_CLIENT_OPTIONS, keepAliveRequests: 10_000 };
    const { port } = await testProxy(upstream, { client: () => options });
    const client = await openRaw(port);
    client.send(`GET /slow HTTP/1.1\r\n${HOST}\r\n`);
    await arrived.promise;
    const many = `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(7_900)}\r\n\r\n`.repeat(2_500);
    client.send(many + LAST);
    const socket = client.socket as unknown as { readonly writableLength: number };
    // The sockets' buffers hold some megabytes; the rest waits at the client.
    expect(socket.writableLength).toBeGreaterThan(many.length / 4);
    go.resolve();
    const { text } = await client.end();
    expect(text.split("HTTP/1.1 200").length - 1).toBe(2_502);
  }, 60_000);

  test("a client that leaves while it waits is gone, with what it had sent behind", async () => {
    const asked: string[] = [];
    const arrived = signal();
    const upstream = await rawUpstream((socket) =>
      onHead(socket, (head) => {
        asked.push(head.split(" ")[1] ?? "");
        arrived.resolve();
      }),
    );
    const { port, hit } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(`GET /1 HTTP/1.1\r\n${HOST}\r\n${LAST}`);
    await arrived.promise;
    client.socket.destroy();
    expect(await hit(1)).toMatchObject([{ status: 499 }]);
    expect(asked).toEqual(["/1"]);
  });
});

test.each([
  ["a length", (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`],
  [
    "chunks",
    (body: string) => `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  ],
])("a body with %s that nobody asked for is read and thrown away, and the next request is answered", async (_, framed) => {
  const { port } = await testProxy(1, { decide: () => ({ kind: "respond", status: 404, why: [] }) });
  const client = await openRaw(port);
  for (let answers = 1; answers <= 20; answers++) {
    client.send(`POST / HTTP/1.1\r\n${HOST}${framed("x".repeat(1_048_576))}`);
    await client.until((text) => text.split("</html>").length > answers);
  }
  client.send(LAST);
  expect((await client.end()).text.split("404 Not Found\r\n").length - 1).toBe(21);
});

describe("what nginx takes once", () => {
  test.each([
    ...["Authorization", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"],
    ...["Content-Range", "Expect", "Content-Length", "Host"],
  ])("two %s lines are 400", async (name) => {
    const { port } = await testProxy(1);
    const { text } = await exchangeRaw(
      port,
      `GET / HTTP/1.1\r\n${HOST}${name}: 1\r\n${name.toLowerCase()}: 1\r\n\r\n`,
    );
    expect(statusOf(text)).toBe(400);
    expect(headLines(text)).toContain("Connection: close");
  });

  test("a Cookie of 9 kB gets nginx's own page", async () => {
    const { port } = await testProxy(1, { exact: "exact" });
    const { text } = await exchangeRaw(port, `GET / HTTP/1.1\r\n${HOST}Cookie: ${"a".repeat(9_000)}\r\n\r\n`);
    expect(statusOf(text)).toBe(400);
    expect(text).toContain("<title>400 Request Header Or Cookie Too Large</title>");
  });
});

describe("options of the ConfigMap", () => {
  test.each([
    ["keep-alive-requests: 3", { keepAliveRequests: 3 }, 3],
    ["keep-alive: 0", { keepAliveMs: 0 }, 1],
  ])("%s", async (_, options, answers) => {
    const upstream = await httpUpstream((_request, response) => response.end("ok"));
    const { port } = await testProxy(upstream, { client: () => ({ ...DEFAULT_CLIENT_OPTIONS, ...options }) });
    const { text } = await exchangeRaw(port, `GET / HTTP/1.1\r\n${HOST}\r\n`.repeat(5));
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(answers);
    expect(text.match(/Connection: close/g)).toHaveLength(1);
  });

  test("large-client-header-buffers: 1 16k", async () => {
    const upstream = await httpUpstream((_request, response) => response.end("ok"));
    const headerBuffers = { count: 1, bytes: 16_384 };
    const { port } = await testProxy(upstream, {
      plane: () => nginxPlane({ ...DEFAULT_CLIENT_OPTIONS, headerBuffers }),
    });
    const head = (bytes: number) =>
      `GET / HTTP/1.1\r\n${HOST}Connection: close\r\nX: ${"a".repeat(bytes)}\r\n\r\n`;
    expect(statusOf((await exchangeRaw(port, head(15_000))).text)).toBe(200);
    expect(statusOf((await exchangeRaw(port, head(17_000))).text)).toBe(400);
  });
});

describe("HTTP/2 without TLS (RFC 9113 section 3.3)", () => {
  async function ask(port: number, path: string, method = "GET"): Promise<unknown> {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    onTestFinished(() => session.destroy());
    return new Promise((resolve, reject) => {
      session.on("error", reject);
      const head = { ":method": method, ":path": path, ":authority": "a.test" };
      const stream = session.request(head, { endStream: true });
      stream.on("response", (headers) => resolve(headers[":status"])).on("error", reject);
      stream.resume();
    });
  }

  test("a client that begins with it is answered by it", async () => {
    const upstream = await httpUpstream((_, response) => response.end("ok"));
    const { port, hit } = await testProxy(upstream);
    expect(await ask(port, "/x")).toBe(200);
    expect((await hit(1))[0]).toMatchObject({ scheme: "http", path: "/x", host: "a.test" });
  });

  test("a method that is none of HTTP reaches no backend (ngx_http_v2_parse_method)", async () => {
    const upstream = await httpUpstream((_, response) => response.end("ok"));
    const { port, hit } = await testProxy(upstream);
    expect(await ask(port, "/x", "get")).toBe(400);
    expect(await ask(port, "/x", "M-SEARCH")).toBe(200);
    expect((await hit(2)).map(({ upstream }) => upstream === undefined)).toEqual([true, false]);
  });

  test("its preface may come byte by byte", async () => {
    const { port } = await testProxy(1);
    const client = await openRaw(port);
    for (const byte of "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") client.send(byte);
    client.send(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    const SETTINGS_ACK = "\x00\x00\x00\x04\x01\x00\x00\x00\x00";
    await client.until((text) => text.includes(SETTINGS_ACK));
    client.socket.destroy();
  });

  test("use-http2: false: it is a request like any other, and none of HTTP/1", async () => {
    const { port } = await testProxy(1, { http2: () => "off" });
    const { text } = await exchangeRaw(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    expect(statusOf(text)).toBe(400);
  });

  test("a proxy that stops ends its sessions", async () => {
    const upstream = await httpUpstream((_, response) => response.end("ok"));
    const { port, proxy } = await testProxy(upstream);
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on("error", () => undefined);
    const gone = new Promise((resolve) => session.once("close", resolve));
    await new Promise((resolve) => session.once("remoteSettings", resolve));
    await proxy.close(1_000);
    await gone;
  });
});

test("HTTP/0.9 gets a body without a head", async () => {
  const upstream = await httpUpstream((request, response) =>
    response.end(`${request.method} ${request.url}`),
  );
  const { port } = await testProxy(upstream);
  expect(await exchangeRaw(port, "GET /x\r\n")).toEqual({ text: "GET /x", ended: "closed" });
});

test("random bytes end their connection at most: nothing hangs, and the next is served", {
  timeout: 60_000,
}, async () => {
  const upstream = await httpUpstream(
    (request, response) => void request.resume().on("end", () => response.end("ok")),
  );
  const faults: unknown[] = [];
  const { port } = await testProxy(upstream, {
    onFault: (fault) => faults.push(fault),
    limits: { headMs: 300, bodyIdleMs: 300, lingerMs: 300 },
  });
  const piece = fc.constantFrom(
    ...[
      "GET /x HTTP/1.1\r\n",
      "POST /y HTTP/1.1\r\n",
      HOST,
      "\r\n",
      "Content-Length: 3\r\n",
      "abc",
      "\n",
      "\r",
      "\0",
      "\xff",
    ],
    ...[
      "Transfer-Encoding: chunked\r\n",
      "3\r\nabc\r\n",
      "0\r\n\r\n",
      "Connection: close\r\n",
      "Expect: 100-continue\r\n",
      " ",
      ":",
    ],
    ...[
      "Upgrade: websocket\r\n",
      "Connection: upgrade\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "x".repeat(9_000),
    ],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 12 }), async (pieces) => {
      const client = await openRaw(port);
      for (const bytes of pieces) client.send(bytes);
      client.socket.end();
      await client.end();
      client.socket.destroy();
    }),
    { numRuns: 150, seed: 8 },
  );
  expect(statusOf((await exchangeRaw(port, LAST)).text)).toBe(200);
  expect(faults).toEqual([]);
});
