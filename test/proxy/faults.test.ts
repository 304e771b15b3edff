import { connect as connectHttp2 } from "node:http2";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Upstream } from "../../src/model/upstream.ts";
import { createEchoService } from "../../src/upstream/echo.ts";
import { streamPair } from "../../src/upstream/pair.ts";
import { exchangeRaw, openRaw, type RawClient, rawClient, statusOf } from "../support/raw.ts";
import { forwardAll, httpUpstream, rawUpstream, testProxy, upstreamAt } from "./support.ts";

/** An upstream over in-process streams, like echo pods and port-forwards. */
function streamUpstream(open: () => Promise<Duplex>): Upstream {
  return { name: "echo/web-0", protocol: "http", connection: { kind: "stream", open }, basePath: "" };
}

function echoUpstream(): Upstream {
  const echo = createEchoService();
  onTestFinished(() => echo.close());
  return streamUpstream(() => echo.open({ namespace: "default", service: "web", pod: "web-0", port: 80 }));
}

async function openSecure(port: number): Promise<RawClient> {
  const socket = connectTls({ port, host: "127.0.0.1", servername: "a.test", rejectUnauthorized: false });
  await new Promise<void>((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  return rawClient(socket);
}

const KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

/** Upgrade requests that the echo service refuses or accepts, with their answers. */
const UPGRADES = [
  ["GET", "Upgrade: foo\r\n", 426],
  ["GET", "Upgrade: foo/1, bar\r\n", 426],
  ["GET", "Upgrade: \r\n", 200],
  ["POST", "Upgrade: foo\r\n", 426],
  ["FETCH", "Upgrade: foo\r\n", 426],
  ["GET", "Upgrade: websocket\r\n", 400],
  ["GET", "Upgrade: websocket\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n", 400],
  ["GET", `Upgrade: websocket\r\n${KEY.replace("13", "7")}`, 400],
  ["GET", `Upgrade: websocket, foo\r\n${KEY}`, 400],
  ["GET", `Upgrade: websocket\r\n${KEY}Sec-WebSocket-Extensions: ;;;\r\n`, 101],
  ["GET", `Upgrade: websocket\r\n${KEY}Sec-WebSocket-Protocol: ,,\r\n`, 400],
  ["POST", `Upgrade: websocket\r\n${KEY}`, 405],
  ["HEAD", `Upgrade: websocket\r\n${KEY}`, 405],
  ["POST", `Upgrade: websocket\r\n${KEY}Content-Length: 2\r\n`, 200],
  ["GET", `Upgrade: WebSocket\r\n${KEY}`, 101],
  ["GET", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n", 200],
  ["GET", "Upgrade: TLS/1.0\r\n", 426],
] as const;

describe.each(["http", "https"] as const)("an upgrade by %s", (scheme) => {
  test.each(
    UPGRADES,
  )("%s with %j is answered %i, and the next request as ever", async (method, lines, status) => {
    const faults: unknown[] = [];
    const { proxy } = await testProxy(echoUpstream(), { onFault: (fault) => faults.push(fault) });
    const open = () => (scheme === "http" ? openRaw(proxy.http.port) : openSecure(proxy.https.port));
    const client = await open();
    const body = lines.includes("Content-Length") ? "hi" : "";
    client.send(`${method} /x HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\n${lines}\r\n${body}`);
    const text = await client.until((all) => all.includes("\r\n\r\n"));
    expect(statusOf(text)).toBe(status);
    client.socket.destroy();
    const other = await open();
    other.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    expect(statusOf((await other.end()).text)).toBe(200);
    expect(faults).toEqual([]);
  });
});

test.each([
  [{ ":method": "CONNECT", ":authority": "a.test" }, 400],
  [{ ":method": "GET", ":path": "/", ":authority": "a.test", upgrade: "websocket" }, undefined],
  [{ ":method": "GET", ":path": "/", ":authority": "a.test" }, 200],
])("by HTTP/2 %j is answered %s, and its session goes on", async (head, status) => {
  const faults: unknown[] = [];
  const { proxy } = await testProxy(echoUpstream(), { onFault: (fault) => faults.push(fault) });
  const session = connectHttp2(`https://127.0.0.1:${proxy.https.port}`, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve) => {
      let stream: ReturnType<typeof session.request>;
      try {
        stream = session.request(headers);
      } catch {
        // Node's client cannot send `Upgrade` over HTTP/2.
        resolve(undefined);
        return;
      }
      stream.on("response", (answer) => resolve(Number(answer[":status"])));
      stream.on("error", () => resolve(undefined));
      stream.resume().end();
    });
  expect(await ask(head)).toBe(status);
  expect(await ask({ ":method": "GET", ":path": "/", ":authority": "a.test" })).toBe(200);
  expect(faults).toEqual([]);
});

/** A stream that throws where a real one would not, to imitate a bug of ours. */
class Faulty extends Duplex {
  override _read(): void {}

  override _write(): void {
    process.nextTick(() => this.emit("drain"));
    this.on("drain", () => {
      throw new TypeError("a mistake");
    });
    this.emit("data", Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"));
  }
}

describe("what is thrown while a request is handled ends that request alone", () => {
  const throwing = () => {
    throw new TypeError("a mistake");
  };
  const GET = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
  const UPGRADE = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: foo\r\n\r\n";

  test.each([
    ["a decision", GET, () => ({ decide: throwing })],
    ["a decision on an upgrade", UPGRADE, () => ({ decide: throwing })],
    ["a resolution", GET, () => ({ resolve: throwing })],
    ["a resolution for an upgrade", UPGRADE, () => ({ resolve: throwing })],
  ])("%s: 500, and it is told", async (_, bytes, options) => {
    const faults: unknown[] = [];
    const upstream = await httpUpstream((_request, response) => response.end("ok"));
    let broken = true;
    const made = options();
    const { port, hit } = await testProxy(upstream, {
      onFault: (fault) => faults.push(fault),
      decide: (facts) => (broken && "decide" in made ? made.decide() : forwardAll()(facts)),
      resolve: () =>
        broken && "resolve" in made ? made.resolve() : { kind: "upstream", upstream: upstreamAt(upstream) },
    });
    expect(statusOf((await exchangeRaw(port, bytes)).text)).toBe(500);
    broken = false;
    expect(statusOf((await exchangeRaw(port, GET)).text)).toBe(200);
    expect(faults).toMatchObject([{ message: "a mistake" }]);
    expect(await hit(2)).toMatchObject([{ status: 500, error: "internal: a mistake" }, { status: 200 }]);
  });

  test("a page that cannot be written: nginx's 500 in its place", async () => {
    const faults: unknown[] = [];
    const responseHeaders = [["no name", "x"]] as const;
    const { port } = await testProxy(1, {
      decide: () => ({ kind: "respond", status: 404, why: [], responseHeaders }),
      onFault: (fault) => faults.push(fault),
    });
    const { text } = await exchangeRaw(port, GET);
    expect([statusOf(text), text.includes("<h1>500 Internal Server Error</h1>")]).toEqual([500, true]);
    expect(faults).toMatchObject([{ code: "ERR_INVALID_HTTP_TOKEN" }]);
  });

  test.each([
    ["a request", GET],
    ["an upgrade", UPGRADE],
  ])("a connection to an upstream, of %s", async (_, bytes) => {
    const faults: unknown[] = [];
    let open: () => Promise<Duplex> = async () => new Faulty();
    const { port } = await testProxy(
      streamUpstream(() => open()),
      { onFault: (fault) => faults.push(fault) },
    );
    await exchangeRaw(port, bytes);
    expect(faults.length).toBeGreaterThan(0);
    const echo = createEchoService();
    onTestFinished(() => echo.close());
    open = () => echo.open({ namespace: "default", service: "web", pod: "web-0", port: 80 });
    expect(statusOf((await exchangeRaw(port, GET)).text)).toBe(200);
  });

  test("a tunnel", async () => {
    const faults: unknown[] = [];
    const upstream = await rawUpstream((socket) => {
      socket.once("data", () =>
        socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\n"),
      );
    });
    const [ours, theirs] = streamPair();
    theirs.once("data", () =>
      theirs.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\n"),
    );
    const resolutions = [streamUpstream(async () => ours), upstreamAt(upstream)];
    const { port } = await testProxy(upstream, {
      onFault: (fault) => faults.push(fault),
      resolve: () => ({ kind: "upstream", upstream: resolutions.shift() ?? upstreamAt(upstream) }),
    });
    const first = await openRaw(port);
    first.send(UPGRADE);
    await first.until((text) => text.endsWith("\r\n\r\n"));
    ours.on("data", throwing);
    const second = await openRaw(port);
    second.send(UPGRADE);
    await second.until((text) => text.endsWith("\r\n\r\n"));
    theirs.write("bytes");
    await first.end();
    expect(faults).toMatchObject([{ message: "a mistake" }]);
    expect(second.socket.destroyed).toBe(false);
  });

  test("what is decided of TLS", async () => {
    const faults: unknown[] = [];
    let broken = true;
    const upstream = await httpUpstream((_request, response) => response.end("ok"));
    const { proxy } = await testProxy(upstream, {
      onFault: (fault) => faults.push(fault),
      decideTls: (servername) => (broken ? throwing() : { kind: "end", servername, terms: undefined }),
    });
    await expect(openSecure(proxy.https.port)).rejects.toThrow();
    broken = false;
    const client = await openSecure(proxy.https.port);
    client.send(GET);
    expect(statusOf((await client.end()).text)).toBe(200);
    expect(faults).toMatchObject([{ message: "a mistake" }]);
  });
});
