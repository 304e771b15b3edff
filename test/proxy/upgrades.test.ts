import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { reason } from "../../src/model/reason.ts";
import { bodyOf, exchangeRaw, headLines, openRaw, reset, statusOf } from "../support/raw.ts";
import {
  deadPort,
  forwardAll,
  httpUpstream,
  listeningHttp,
  onHead,
  rawUpstream,
  testProxy,
} from "./support.ts";

const ASK =
  "GET /chat?x HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: thing/1\r\nAuthorization: Bearer x\r\n\r\n";

/** A server that switches to an echo protocol. */
async function echoUpgrade(take: (socket: Duplex, head: string) => void): Promise<number> {
  return rawUpstream((socket) => {
    socket.once("data", (chunk: Buffer) => take(socket, chunk.toString("latin1")));
  });
}

describe("upgrades", () => {
  test("the backend gets the whole head, and its bytes pass both ways", async () => {
    let head = "";
    const upstream = await echoUpgrade((socket, text) => {
      head = text;
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: thing/1\r\nX-Own: \xe9\r\nConnection: upgrade\r\n\r\nfirst",
        "latin1",
      );
      socket.on("data", (chunk) => socket.write(chunk));
    });
    const { port, hit } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(ASK);
    await client.until((text) => text.endsWith("first"));
    client.send("\x00\xff echo");
    const text = await client.until((all) => all.endsWith("\x00\xff echo"));
    expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(text).toContain("\r\nX-Own: \xe9\r\n");
    expect(headLines(text).slice(1)).toEqual(["Connection: upgrade", "Upgrade: thing/1", "X-Own: \xe9"]);
    expect(head).toMatch(/^GET \/chat\?x HTTP\/1\.1\r\n/);
    for (const line of [
      "Host: a.test",
      "Authorization: Bearer x",
      "X-Forwarded-For: 127.0.0.1",
      "Upgrade: thing/1",
      "Connection: upgrade",
    ])
      expect(head).toContain(`\r\n${line}\r\n`);
    client.socket.end();
    expect(await hit(1)).toMatchObject([
      { status: 101, decision: "forward", bytes: "first\x00\xff echo".length },
    ]);
  });

  test("one side that has ended can still be written to", async () => {
    const upstream = await echoUpgrade((socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: thing/1\r\nConnection: upgrade\r\n\r\n");
      let got = "";
      socket.on("data", (chunk: Buffer) => {
        got += chunk.toString();
      });
      socket.on("end", () => socket.end(`got ${got}`));
    });
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(ASK);
    await client.until((text) => text.endsWith("\r\n\r\n"));
    client.socket.end("bye");
    expect((await client.end()).text).toMatch(/got bye$/);
  });

  test.each([
    ["403", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Own: 1\r\n\r\nno", 403, "no"],
    [
      "200",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      200,
      "2\r\nok\r\n0\r\n\r\n",
    ],
  ])("a backend that answers %s is passed on as it is, and nothing else follows", async (_, bytes, status, body) => {
    const upstream = await rawUpstream((socket) => onHead(socket, () => socket.write(bytes)));
    const { port, hit } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(ASK);
    client.send("GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n");
    const { text } = await client.end();
    expect(statusOf(text)).toBe(status);
    expect(bodyOf(text)).toBe(body);
    expect(await hit(1)).toMatchObject([{ status }]);
  });

  test.each([
    ["refused", async () => deadPort(), {}, 502],
    ["reset before the answer", async () => echoUpgrade((socket) => reset(socket)), {}, 502],
    ["silent", async () => echoUpgrade(() => {}), { readTimeoutMs: 60 }, 504],
  ])("%s: nginx's page", async (_, upstream, settings, status) => {
    const { port } = await testProxy(await upstream(), { decide: forwardAll(settings) });
    const answer = await exchangeRaw(port, ASK);
    expect(statusOf(answer.text)).toBe(status);
    expect(answer.text).toContain("<center>nginx</center>");
  });

  test("what is not to be forwarded is answered by the page of its decision", async () => {
    const { port } = await testProxy(1, {
      decide: () => ({ kind: "respond", status: 404, why: [reason("no-rule-for-host", "no host")] }),
    });
    expect(statusOf((await exchangeRaw(port, ASK)).text)).toBe(404);
  });

  test.each([
    ["local", "undefined"],
    ["exact", "h2c"],
  ] as const)("an offer of HTTP/2 without a body, %s: the backend is asked to upgrade to %s", async (exact, asked) => {
    const upstream = await httpUpstream((request, response) =>
      response.end(`asked: ${request.headers.upgrade}`),
    );
    const { port } = await testProxy(upstream, { exact });
    const offer =
      "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings";
    const client = await openRaw(port);
    client.send(`GET / HTTP/1.1\r\nHost: a.test\r\n${offer}\r\n\r\n`);
    await client.until((text) => text.includes("asked: "));
    expect(client.text()).toContain(`asked: ${asked}`);
  });

  test.each([
    [
      "an offer of HTTP/2 with a body",
      "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings\r\n",
    ],
    ["a body", "Upgrade: thing/1\r\nConnection: Upgrade\r\n"],
  ])("%s makes a request like any other of it, on a connection that stays", async (_, headers) => {
    const upstream = await httpUpstream((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => response.end(`${request.headers.upgrade} ${Buffer.concat(chunks)}`));
    });
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(`POST / HTTP/1.1\r\nHost: a.test\r\n${headers}Content-Length: 4\r\n\r\nbody`);
    await client.until((text) => text.includes("undefined body"));
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    expect((await client.end()).text.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  test("an upgrade behind another request waits for its answer", async () => {
    const { port: upstream, server } = await listeningHttp((_, response) =>
      setTimeout(() => response.end("slow"), 50),
    );
    server.on("upgrade", (_, socket: Duplex) => {
      socket.on("error", () => {});
      socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: thing/1\r\nConnection: upgrade\r\n\r\nend");
    });
    const { port } = await testProxy(upstream);
    const answer = await exchangeRaw(port, `GET / HTTP/1.1\r\nHost: a.test\r\n\r\n${ASK}`);
    expect(answer.text.indexOf("slow")).toBeGreaterThan(0);
    expect(answer.text.indexOf("slow")).toBeLessThan(answer.text.indexOf("101 Switching"));
  });

  test("a tunnel in which nothing happens is closed after the read timeout", async () => {
    const upstream = await echoUpgrade((socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: thing/1\r\nConnection: upgrade\r\n\r\n");
    });
    const { port, hit } = await testProxy(upstream, { decide: forwardAll({ readTimeoutMs: 80 }) });
    const client = await openRaw(port);
    client.send(ASK);
    await client.end();
    expect((await hit(1))[0]?.error).toContain("80 ms");
  });

  test("U12: WebSockets: messages, 2 MB frames, close codes, a reset on either side", async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket, request) => {
      socket.on("error", () => {});
      socket.on("message", (message, binary) => {
        const text = binary ? "" : String(message);
        if (text === "close") socket.close(4001, "bye");
        else if (text === "reset") request.socket.resetAndDestroy();
        else socket.send(message, { binary });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      sockets.close();
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const { port, hit } = await testProxy(typeof address === "object" && address !== null ? address.port : 0);
    const open = async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { Host: "a.test" } });
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      return socket;
    };
    const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once("close", resolve));
    const first = await open();
    const large = Buffer.alloc(2 * 1_048_576, 7);
    first.send(large);
    const echoed = await new Promise<Buffer>((resolve) => first.once("message", resolve));
    expect(echoed.equals(large)).toBe(true);
    first.send("close");
    expect(await closed(first)).toBe(4001);
    const second = await open();
    second.send("reset");
    expect(await closed(second)).toBe(1006);
    const third = await open();
    third.terminate();
    await closed(third);
    expect((await hit(3)).map(({ status }) => status)).toEqual([101, 101, 101]);
  });

  test("U12: 100 clients that reset within the handshake leave the proxy standing", async () => {
    const upstream = await echoUpgrade((socket) => {
      setTimeout(
        () =>
          socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: thing/1\r\nConnection: upgrade\r\n\r\n"),
        5,
      );
    });
    const { port, proxy } = await testProxy(upstream);
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const client = await openRaw(port);
        client.send(ASK);
        reset(client.socket);
      }),
    );
    const client = await openRaw(port);
    client.send(ASK);
    expect(statusOf((await client.end()).text)).toBe(101);
    await proxy.close(0);
  });
});
