import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Upstream } from "../../src/model/upstream.ts";
import { createEchoService } from "../../src/upstream/echo.ts";
import { bodyOf, exchangeRaw, openRaw, statusOf } from "../support/raw.ts";
import { deadPort, forwardAll, httpUpstream, selfSigned, signal, testProxy, upstreamAt } from "./support.ts";

type Handler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: string[]) => void;

/** An HTTP/2-only upstream and its number of connections. */
async function grpcUpstream(
  handler: Handler,
  server: Http2Server | Http2SecureServer = createServer(),
): Promise<{ upstream: Upstream; sessions: ServerHttp2Session[] }> {
  const sessions: ServerHttp2Session[] = [];
  server.on("session", (session: ServerHttp2Session) => {
    sessions.push(session);
    session.on("error", () => {});
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: number, raw: string[]) => {
    stream.on("error", () => {});
    handler(stream, headers, raw);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { upstream: upstreamAt(port, { protocol: "grpc" }), sessions };
}

/** Answers a call, with `grpc-status` in the trailers. */
function answer(stream: ServerHttp2Stream, body: string, status = "0"): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status, "x-took": "1ms" }));
  stream.end(body);
}

function openClient(port: number): ClientHttp2Session {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  return session;
}

const CALL = {
  ":method": "POST",
  ":authority": "grpc.test",
  "content-type": "application/grpc",
  te: "trailers",
};

interface Called {
  readonly head: Record<string, unknown>;
  readonly trailers: Record<string, unknown> | undefined;
  readonly body: string;
  /** Reset code; 0: orderly end. */
  readonly code: number;
  /** The stream ended with its head. */
  readonly bare: boolean;
}

/** The full result of a call. */
function called(stream: ClientHttp2Stream): Promise<Called> {
  return new Promise((resolve) => {
    let head: Record<string, unknown> = {};
    let trailers: Record<string, unknown> | undefined;
    let body = "";
    let bare = false;
    stream.on("response", (found, flags) => {
      head = found;
      bare = (flags & 1) !== 0;
    });
    stream.on("trailers", (found) => {
      trailers = found;
    });
    stream.on("data", (chunk) => {
      body += chunk;
    });
    stream.on("error", () => {});
    stream.on("close", () => resolve({ head, trailers, body, bare, code: stream.rstCode ?? 0 }));
  });
}

test("of two hosts an upstream that speaks HTTP/2 gets the first", async () => {
  const { upstream } = await grpcUpstream((stream, headers) => answer(stream, String(headers.host)));
  const decide = forwardAll();
  const { proxy } = await testProxy(upstream, {
    decide: (facts) => ({ ...decide(facts), besides: { before: [["Host", "first.test"]] } }),
  });
  const call = openClient(proxy.https.port).request(CALL);
  const answered = called(call);
  call.end("x");
  expect((await answered).body).toBe("first.test");
});

describe("backend-protocol: GRPC", () => {
  test("what the backend is sent, what the client gets: trailers and grpc-status", async () => {
    const raws: string[][] = [];
    const { upstream } = await grpcUpstream((stream, _, raw) => {
      raws.push(raw);
      let body = "";
      stream.on("data", (chunk) => {
        body += chunk;
      });
      stream.on("end", () => answer(stream, `got ${body}`));
    });
    const { proxy, hit } = await testProxy(upstream);
    const stream = openClient(proxy.https.port).request({
      ...CALL,
      ":path": "/shop.Cart/Add",
      "grpc-timeout": "3S",
      "x-bin": "\xe9",
    });
    stream.end("hello");
    expect(await called(stream)).toMatchObject({
      head: { ":status": 200, "content-type": "application/grpc" },
      body: "got hello",
      trailers: { "grpc-status": "0", "x-took": "1ms" },
      code: 0,
    });
    const sent = raws[0]?.map((text, i, all) => (i % 2 === 0 ? `${text}: ${all[i + 1]}` : "")) ?? [];
    expect(sent.filter((line) => line !== "" && !/^(?:x-request-id|date)/.test(line))).toEqual([
      ":method: POST",
      ":scheme: http",
      ":path: /shop.Cart/Add",
      "host: grpc.test",
      "x-real-ip: 127.0.0.1",
      "x-forwarded-for: 127.0.0.1",
      "x-forwarded-host: grpc.test",
      `x-forwarded-port: ${proxy.https.port}`,
      "x-forwarded-proto: https",
      "x-forwarded-scheme: https",
      "x-scheme: https",
      "content-type: application/grpc",
      "grpc-timeout: 3S",
      "x-bin: \xe9",
      "te: trailers",
    ]);
    expect((await hit(1))[0]).toMatchObject({ status: 200, bytes: 9, method: "POST" });
  });

  test("a status without a message ends with its head, as gRPC wants it", async () => {
    const { upstream } = await grpcUpstream((stream) =>
      stream.respond({ ":status": 200, "grpc-status": "5", "grpc-message": "nope" }, { endStream: true }),
    );
    const { proxy, port } = await testProxy(upstream);
    const stream = openClient(proxy.https.port).request({ ...CALL, ":path": "/a" });
    stream.end("x");
    expect(await called(stream)).toMatchObject({
      head: { ":status": 200, "grpc-status": "5", "grpc-message": "nope", "content-length": "0" },
      bare: true,
    });
    const { text } = await exchangeRaw(
      port,
      "POST /a HTTP/1.1\r\nHost: g\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain("grpc-status: 5\r\n");
    expect(text).toContain("Content-Length: 0\r\n");
  });

  test("HTTP/1.1 clients are served, with the trailers behind the last chunk", async () => {
    const { upstream } = await grpcUpstream((stream) => {
      stream.resume().on("end", () => answer(stream, "hello"));
    });
    const { port } = await testProxy(upstream);
    const { text } = await exchangeRaw(
      port,
      "POST /a HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    );
    expect(bodyOf(text)).toBe("5\r\nhello\r\n0\r\ngrpc-status: 0\r\nx-took: 1ms\r\n\r\n");
    const upgraded = await exchangeRaw(
      port,
      "GET /a HTTP/1.1\r\nHost: g\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    );
    expect(statusOf(upgraded.text)).toBe(200);
    expect(upgraded.text).toContain("hello");
  });

  test("the head comes before the body, however often it is asked", async () => {
    const echo = createEchoService();
    onTestFinished(() => echo.close());
    const pod = { namespace: "shop", service: "cart", pod: "cart-0", port: 50051 };
    const { port, hits } = await testProxy({
      name: "echo/cart-0",
      protocol: "grpc",
      basePath: "",
      connection: { kind: "stream", open: () => echo.open(pod, "grpc") },
    });
    const body = "x".repeat(70_000);
    const post = `POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 70000\r\nConnection: close\r\n\r\n${body}`;
    for (let count = 0; count < 200; count++)
      expect(JSON.parse(bodyOf((await exchangeRaw(port, post)).text)).bodyBytes).toBe(70_000);
    expect(hits.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  test("both sides talk at once: each message comes before the next is sent", async () => {
    const { upstream } = await grpcUpstream((stream) => {
      stream.respond({ ":status": 200 }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.on("data", (chunk) => stream.write(`<${chunk}>`)).on("end", () => stream.end());
    });
    const { proxy } = await testProxy(upstream);
    const stream = openClient(proxy.https.port).request({ ...CALL, ":path": "/chat" });
    const whole = called(stream);
    for (const word of ["one", "two", "three"]) {
      const echoed = new Promise<string>((resolve) => stream.once("data", (chunk) => resolve(String(chunk))));
      stream.write(word);
      expect(await echoed).toBe(`<${word}>`);
    }
    stream.end();
    expect(await whole).toMatchObject({ body: "<one><two><three>", trailers: { "grpc-status": "0" } });
  });

  test("neither side is read faster than the other takes: 64 MB up and down, and a stalled one holds up no other", async () => {
    const chunk = Buffer.alloc(1_000_000, 1);
    let written = 0;
    let taken = 0;
    const { upstream } = await grpcUpstream((stream, headers) => {
      if (headers[":path"] === "/up") {
        if (headers["x-read"] === undefined) return;
        stream.on("data", (data: Buffer) => {
          taken += data.length;
        });
        stream.on("end", () => answer(stream, String(taken)));
      } else if (headers[":path"] === "/down") {
        stream.respond({ ":status": 200 });
        const more = () => {
          while (written < 64) {
            written++;
            if (!stream.write(chunk)) return void stream.once("drain", more);
          }
          stream.end();
        };
        more();
      } else answer(stream, "fine");
    });
    const { proxy } = await testProxy(upstream);
    const client = openClient(proxy.https.port);
    const down = client.request({ ...CALL, ":path": "/down", ":method": "GET" });
    down.pause();
    const up = client.request({ ...CALL, ":path": "/up" });
    let sent = 0;
    const offer = () => {
      while (sent < 64) {
        sent++;
        if (!up.write(chunk)) return void up.once("drain", offer);
      }
      up.end();
    };
    offer();
    let before = -1;
    while (before !== sent + written) {
      before = sent + written;
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    }
    expect(sent).toBeLessThan(8);
    expect(written).toBeLessThan(8);
    const other = client.request({ ...CALL, ":path": "/other" });
    other.end();
    expect(await called(other)).toMatchObject({ body: "fine" });
    up.close(8);
    let received = 0;
    await new Promise<void>((resolve) => {
      down.on("data", (data: Buffer) => {
        received += data.length;
      });
      down.on("end", resolve).resume();
    });
    expect(received).toBe(64_000_000);
    const again = client.request({ ...CALL, ":path": "/up", "x-read": "1" });
    for (let count = 0; count < 64; count++)
      if (!again.write(chunk)) await new Promise((resolve) => again.once("drain", resolve));
    again.end();
    expect(await called(again)).toMatchObject({ body: "64000000" });
  });

  test("many calls share a connection; beyond 100 at a time, or what the upstream allows, there is another", async () => {
    const go = signal();
    let open = 0;
    const all = signal();
    const { upstream, sessions } = await grpcUpstream(
      (stream) => {
        if (++open === 20) all.resolve();
        void go.promise.then(() => answer(stream, "ok"));
      },
      createServer({ settings: { maxConcurrentStreams: 10 } }),
    );
    const { proxy } = await testProxy(upstream);
    const client = openClient(proxy.https.port);
    const ask = () => {
      const stream = client.request({ ...CALL, ":path": "/a" });
      stream.end();
      return called(stream);
    };
    const warm = ask();
    while (open < 1) await new Promise(setImmediate);
    const calls = [warm, ...Array.from({ length: 19 }, ask)];
    await all.promise;
    expect(sessions.length).toBe(2);
    go.resolve();
    expect((await Promise.all(calls)).map(({ body }) => body)).toEqual(
      Array.from({ length: 20 }, () => "ok"),
    );
    await ask();
    expect(sessions.length).toBe(2);
  });

  test("GRPCS: over TLS, the client that leaves is told to the upstream by a reset, the connection stays", async () => {
    const left = signal();
    const arrived = signal();
    const server = createSecureServer(selfSigned("backend.test"));
    const { upstream, sessions } = await grpcUpstream((stream, headers) => {
      if (headers[":path"] === "/forever") {
        arrived.resolve();
        stream.on("close", () => left.resolve());
      } else answer(stream, `${headers[":scheme"]} ${sessions.length}`);
    }, server);
    const { proxy, hit } = await testProxy({ ...upstream, protocol: "grpcs" });
    const client = openClient(proxy.https.port);
    const forever = client.request({ ...CALL, ":path": "/forever" });
    forever.end("x");
    await arrived.promise;
    forever.close(8);
    await left.promise;
    expect((await hit(1))[0]).toMatchObject({ status: 499, error: "the client closed the connection" });
    const next = client.request({ ...CALL, ":path": "/next" });
    next.end("x");
    expect(await called(next)).toMatchObject({ body: "https 1" });
  });
});

describe("gRPC upstreams that fail", () => {
  const POST = "POST /a HTTP/1.1\r\nHost: g\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx";

  test.each([
    ["a reset before the head", (stream: ServerHttp2Stream) => stream.close(2), 502, /INTERNAL_ERROR/],
    [
      "a connection that ends",
      (stream: ServerHttp2Stream) => stream.session?.destroy(),
      502,
      /could not be used/,
    ],
    ["no answer in time", () => {}, 504, /nothing was sent or received for 200 ms/],
  ])("%s", async (_, handler, status, why) => {
    const { upstream } = await grpcUpstream(handler);
    const { port, hit } = await testProxy(upstream, { decide: forwardAll({ readTimeoutMs: 200 }) });
    const { text } = await exchangeRaw(port, POST);
    expect(statusOf(text)).toBe(status);
    expect(text).toMatch(why);
    expect((await hit(1))[0]).toMatchObject({ status, upstream: upstream.name });
  });

  test("nobody there, or somebody who speaks HTTP/1.1: 502", async () => {
    const dead = await testProxy(upstreamAt(await deadPort(), { protocol: "grpc" }));
    expect(statusOf((await exchangeRaw(dead.port, POST)).text)).toBe(502);
    const plain = await httpUpstream((_, response) => response.end("h1"));
    const { port } = await testProxy(upstreamAt(plain, { protocol: "grpc" }));
    expect(statusOf((await exchangeRaw(port, POST)).text)).toBe(502);
  });

  test("a reset after the head is passed on as one: never a clean end", async () => {
    const { upstream } = await grpcUpstream((stream) => {
      stream.respond({ ":status": 200 });
      stream.write("abc", () => setImmediate(() => stream.destroy(new Error("broken"))));
    });
    const { proxy, port } = await testProxy(upstream);
    const stream = openClient(proxy.https.port).request({ ...CALL, ":path": "/a" });
    stream.end("x");
    expect(await called(stream)).toMatchObject({ body: "abc", code: 2, trailers: undefined });
    const client = await openRaw(port);
    client.send(POST);
    expect((await client.end()).text).not.toContain("\r\n0\r\n");
  });

  test("a refused stream is asked once more, and so is an idempotent request on a connection that died", async () => {
    let calls = 0;
    const { upstream, sessions } = await grpcUpstream((stream) => {
      calls++;
      if (calls === 1) stream.close(7);
      else if (calls === 3) stream.session?.destroy();
      else answer(stream, `call ${calls}`);
    });
    const { port } = await testProxy(upstream);
    const get = "GET /a HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n";
    expect(bodyOf((await exchangeRaw(port, get)).text)).toContain("call 2");
    expect(bodyOf((await exchangeRaw(port, get)).text)).toContain("call 4");
    expect(sessions).toHaveLength(2);
  });

  test("a pod that is not there is passed over for another, also for a POST, of which nothing has gone out", async () => {
    const { upstream } = await grpcUpstream((stream) => {
      stream.resume().on("end", () => answer(stream, "second"));
    });
    const dead = upstreamAt(await deadPort(), { protocol: "grpc" });
    const pods = [dead, upstream];
    const conditions = new Set(["error"] as const);
    const nextUpstream = { conditions, tries: "each-once", timeoutMs: 0 } as const;
    const { port, hit } = await testProxy(dead, {
      decide: forwardAll({ nextUpstream }),
      resolve: (_backend, _settings, options) => {
        const free = pods.find(({ name }) => options?.tried?.includes(name) !== true);
        return { kind: "upstream", upstream: free ?? dead };
      },
    });
    const { text } = await exchangeRaw(port, POST);
    expect(bodyOf(text)).toContain("second");
    expect((await hit(1))[0]).toMatchObject({ status: 200, upstream: upstream.name });
    pods.pop();
    const { text: none } = await exchangeRaw(port, POST);
    expect(statusOf(none)).toBe(502);
  });

  test("a body over proxy-body-size: 413, and the upstream is told", async () => {
    const reset = signal();
    const { upstream } = await grpcUpstream((stream) => stream.resume().on("aborted", () => reset.resolve()));
    const { port } = await testProxy(upstream, { decide: forwardAll({ bodyLimit: 10 }) });
    const client = await openRaw(port);
    client.send(
      "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n",
    );
    expect(statusOf((await client.end()).text)).toBe(413);
    await reset.promise;
  });
});
