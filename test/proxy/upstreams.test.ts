import { describe, expect, test } from "vitest";
import { bodyOf, exchangeRaw, openRaw, reset, statusOf } from "../support/raw.ts";
import {
  deadPort,
  forwardAll,
  httpUpstream,
  listeningHttp,
  onHead,
  rawUpstream,
  testProxy,
  upstreamAt,
} from "./support.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
const LAST = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test.each([
  ["a map", undefined, 502],
  ["an ExternalName: the Service has no endpoints", "external-name", 503],
] as const)("a name that nobody knows, of %s", async (_, named, status) => {
  const connection = { kind: "tcp", host: "nowhere.invalid", port: 80 } as const;
  const { port, hit } = await testProxy(upstreamAt(80, { name: "nowhere.invalid:80", connection, named }));
  const { text } = await exchangeRaw(port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  expect(statusOf(text)).toBe(status);
  expect((await hit(1))[0]?.why[0]?.text).toContain("nowhere.invalid");
});

describe("upstream faults (faults.md, section 4)", () => {
  test.each([
    ["U1 reset before the answer", (): string | undefined => undefined, 502],
    [
      "U5 control byte in a header's name",
      () => "HTTP/1.1 200 OK\r\nA\x01B: 1\r\nContent-Length: 0\r\n\r\n",
      502,
    ],
    // Passed on, like the real controller.
    ["U5 status 999", () => "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", 999],
    ["U5 no HTTP", () => "SSH-2.0-OpenSSH_9.6\r\n\r\n", 502],
    ["a 101 that nobody asked for", () => "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", 502],
  ])("%s", async (_, reply, status) => {
    let requests = 0;
    const upstream = await rawUpstream((socket) =>
      onHead(socket, () => {
        requests++;
        const bytes = reply();
        if (bytes === undefined) reset(socket);
        else socket.write(bytes);
      }),
    );
    const { port } = await testProxy(upstream);
    const answer = await exchangeRaw(port, LAST);
    expect(statusOf(answer.text)).toBe(status);
    expect(requests).toBe(1);
  });

  test("U1: a connection that does not come about in time is 504", async () => {
    const never = upstreamAt(0, { connection: { kind: "stream", open: () => new Promise(() => {}) } });
    const { port } = await testProxy(never, { decide: forwardAll({ connectTimeoutMs: 60 }) });
    expect(statusOf((await exchangeRaw(port, LAST)).text)).toBe(504);
  });

  test("U1: an answer that does not come in time is 504", async () => {
    const upstream = await rawUpstream((socket) => socket.resume());
    const { port, hit } = await testProxy(upstream, { decide: forwardAll({ readTimeoutMs: 60 }) });
    expect(statusOf((await exchangeRaw(port, LAST)).text)).toBe(504);
    expect((await hit(1))[0]?.status).toBe(504);
  });

  test("U1: an answer that stops while the client still sends ends in time", async () => {
    // Head and first bytes in one piece, and nothing behind them.
    const upstream = await rawUpstream((socket) =>
      onHead(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")),
    );
    const { port } = await testProxy(upstream, { decide: forwardAll({ readTimeoutMs: 60 }) });
    const client = await openRaw(port);
    client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000\r\n\r\n0123456789");
    expect((await client.end()).text).toMatch(/\r\n\r\nabc$/);
  });

  test.each([
    // method on a connection that served before and is reset now → requests seen, status
    ["GET", 200, 3],
    ["HEAD", 200, 3],
    ["DELETE", 200, 3],
    ["POST", 502, 2],
    ["PATCH", 502, 2],
  ])("U2: %s over a reused connection that is reset → %i", async (method, status, seen) => {
    let requests = 0;
    const upstream = await rawUpstream((socket, connection) => {
      let served = 0;
      onHead(socket, () => {
        requests++;
        if (connection === 1 && served++ > 0) reset(socket);
        else socket.write(method === "HEAD" && connection > 1 ? OK.slice(0, -2) : OK);
      });
    });
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(GET);
    await client.until((text) => text.endsWith("ok"));
    client.send(`${method} / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
    const { text } = await client.end();
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((found) => Number(found[1]))).toEqual([200, status]);
    expect(requests).toBe(seen);
  });

  test.each([
    ["PUT", 2, 200, 3, "the body is sent again, whole"],
    ["POST", 2, 502, 2, "a POST never is"],
    ["PUT", 1_048_577, 502, 2, "of a body over 1 MiB nothing is kept"],
  ])("U2: %s of %i bytes over a reused connection that is reset → %i", async (method, size, status, seen) => {
    const bodies: string[] = [];
    const upstream = await rawUpstream((socket, connection) => {
      let text = "";
      let served = 0;
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
        const cut = text.indexOf("\r\n\r\n");
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (cut < 0 || text.length < cut + 4 + length) return;
        bodies.push(text.slice(cut + 4));
        text = "";
        if (connection === 1 && served++ > 0) reset(socket);
        else socket.write(OK);
      });
    });
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(GET);
    await client.until((text) => text.endsWith("ok"));
    const body = "h".repeat(size);
    client.send(`${method} / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${size}\r\n\r\n${body}`);
    await client.until((text) => text.lastIndexOf("HTTP/1.1 ") > 0 && text.includes(` ${status} `));
    client.socket.destroy();
    expect(bodies.map(({ length }) => length)).toEqual([0, ...Array(seen - 1).fill(size)]);
  });

  test.each([
    ["a body that is too short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"],
    ["no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
  ])("U3: %s never looks complete", async (_, bytes) => {
    const upstream = await rawUpstream((socket) => onHead(socket, () => socket.end(bytes)));
    const { port, hit } = await testProxy(upstream);
    const answer = await exchangeRaw(port, GET);
    expect(statusOf(answer.text)).toBe(200);
    expect(answer.text).toContain("half");
    expect(answer.text).not.toContain("\r\n0\r\n\r\n");
    expect((await hit(1))[0]).toMatchObject({ status: 200, error: expect.any(String) });
  });

  test("U4: what comes behind a body is nobody's answer", async () => {
    const upstream = await rawUpstream((socket, connection) =>
      onHead(socket, () =>
        socket.write(connection === 1 ? `${OK}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison` : OK),
      ),
    );
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(GET);
    await client.until((text) => text.endsWith("ok"));
    client.send(LAST);
    const { text } = await client.end();
    expect(text).not.toContain("poison");
    expect(text.match(/ok/g)).toHaveLength(2);
  });

  test("U6: a 503 is passed on, once", async () => {
    let requests = 0;
    const upstream = await httpUpstream((_, response) => {
      requests++;
      response.writeHead(503, { "Retry-After": "1" });
      response.end("busy");
    });
    const { port } = await testProxy(upstream);
    const answer = await exchangeRaw(port, LAST);
    expect(answer.text).toContain("Retry-After: 1");
    expect(answer.text).toContain("busy");
    expect(requests).toBe(1);
  });

  test("U10: more than 128 open streams do not hold up the next request", async () => {
    const upstream = await httpUpstream((request, response) => {
      if (request.url === "/events")
        response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
      else response.end("through");
    });
    const { port } = await testProxy(upstream);
    const streams = await Promise.all(
      Array.from({ length: 150 }, async () => {
        const client = await openRaw(port);
        client.send("GET /events HTTP/1.1\r\nHost: a.test\r\n\r\n");
        await client.until((text) => text.includes("\r\n\r\n"));
        return client;
      }),
    );
    const answer = await exchangeRaw(port, LAST);
    expect(bodyOf(answer.text)).toBe("through");
    for (const stream of streams) stream.socket.destroy();
  });

  test("U13: a GET waits for a local process that is being restarted, a POST does not", async () => {
    const first = await listeningHttp((_, response) => response.end("before"));
    const { port, upstreams } = await testProxy(first.port, { limits: { restartMs: 8_000 } });
    expect((await exchangeRaw(port, LAST)).text).toContain("before");
    first.server.closeAllConnections();
    await new Promise((resolve) => first.server.close(resolve));
    const waiting = exchangeRaw(port, LAST);
    const post = await exchangeRaw(port, "POST / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    expect(statusOf(post.text)).toBe(502);
    await listeningHttp((_, response) => response.end("after"), first.port);
    expect((await waiting).text).toContain("after");
    expect(upstreams.map(({ state }) => state)).toEqual(["down", "up"]);
  });

  test("an upstream that never was there is not waited for", async () => {
    const { port, upstreams } = await testProxy(await deadPort(), { limits: { restartMs: 600_000 } });
    expect(statusOf((await exchangeRaw(port, LAST)).text)).toBe(502);
    expect(upstreams).toMatchObject([{ state: "down", message: expect.stringContaining("ECONNREFUSED") }]);
  });

  test("a base path is put in front, and a stream is spoken to like a socket", async () => {
    const { port: echo } = await listeningHttp((request, response) => response.end(request.url));
    const { connect } = await import("node:net");
    const upstream = upstreamAt(0, {
      name: "echo/web-0",
      basePath: "/base",
      connection: {
        kind: "stream",
        open: () =>
          new Promise((resolve) => {
            const socket = connect(echo, "127.0.0.1", () => resolve(socket));
          }),
      },
    });
    const { port, hit } = await testProxy(upstream);
    expect(bodyOf((await exchangeRaw(port, LAST)).text)).toBe("/base/");
    expect((await hit(1))[0]?.upstream).toBe("echo/web-0");
  });
});
