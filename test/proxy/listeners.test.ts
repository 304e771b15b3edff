import { connect as connectHttp2, constants as http2 } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { startProxy } from "../../src/proxy/proxy.ts";
import { bodyOf, exchangeRaw, openRaw, rawClient, statusOf } from "../support/raw.ts";
import {
  httpUpstream,
  listeningHttp,
  selfSigned,
  signal,
  testContext,
  testProxy,
  upstreamAt,
} from "./support.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === "::1"),
);

async function openTls(
  port: number,
  options: { servername?: string; alpn?: string[] } = {},
): Promise<TLSSocket> {
  const socket = connectTls({
    port,
    host: "127.0.0.1",
    rejectUnauthorized: false,
    ALPNProtocols: options.alpn ?? ["http/1.1"],
    ...(options.servername === undefined ? {} : { servername: options.servername }),
  });
  await new Promise<void>((resolve, reject) => {
    socket
      .once("secureConnect", resolve)
      .once("error", reject)
      .once("close", () => reject(new Error("closed")));
  });
  onTestFinished(() => void socket.destroy());
  return socket;
}

describe("listeners", () => {
  test.runIf(hasIPv6)("127.0.0.1 means ::1 as well, on the same port", async () => {
    const { port } = await testProxy(await httpUpstream((_, response) => response.end("six")));
    const client = await openRaw(port, "::1");
    client.send(GET);
    expect(bodyOf((await client.end()).text)).toBe("six");
  });

  test.each([
    ["127.0.0.1", "IPv4"],
    ...(hasIPv6 ? [["::1", "IPv6"]] : []),
  ])("P1: a port that is taken on %s alone is named with its holder, and nothing stays open", async (address) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, address, resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port: other } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const starting = testProxy(1, { proxy: undefined, httpPort: other, httpsPort: port } as never);
    await expect(starting).rejects.toMatchObject({
      code: "port-in-use",
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    const again = createServer();
    await new Promise<void>((resolve, reject) =>
      again.once("error", reject).listen(other, "127.0.0.1", resolve),
    );
    again.close();
  });

  test("an address that the machine does not have is said to be one", async () => {
    await expect(testProxy(1, { bind: "192.0.2.1" })).rejects.toMatchObject({ code: "bad-option" });
  });
});

describe("https (faults.md, C3 and C6)", () => {
  test.each([
    ["a name", "a.test", "a.test"],
    ["another name", "b.test", "b.test"],
    ["no name", undefined, "none"],
  ])("the certificate follows %s", async (_, servername, subject) => {
    const { proxy } = await testProxy(1, { secureContext: async (name) => testContext(name ?? "none") });
    const socket = await openTls(proxy.https.port, servername === undefined ? {} : { servername });
    expect(socket.getPeerCertificate().subject.CN).toBe(subject);
    expect(["TLSv1.2", "TLSv1.3"]).toContain(socket.getProtocol());
  });

  test("HTTP/1.1: the backend is told of https, and keep-alive works", async () => {
    const upstream = await httpUpstream((request, response) =>
      response.end(`${request.headers["x-forwarded-proto"]} ${request.headers["x-forwarded-port"]}`),
    );
    const { proxy, hit } = await testProxy(upstream);
    const client = rawClient(await openTls(proxy.https.port, { servername: "a.test" }));
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    await client.until((text) => text.includes(`https ${proxy.https.port}`));
    client.send(GET);
    expect((await client.end()).text.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect((await hit(2))[0]).toMatchObject({ scheme: "https", status: 200 });
  });

  test("HTTP/2: by ALPN, many at once, cookies put together, nothing of a connection in the answer", async () => {
    const upstream = await httpUpstream((request, response) => {
      response.writeHead(200, [
        "Set-Cookie",
        "a=1",
        "Set-Cookie",
        "b=2",
        "Connection",
        "keep-alive",
        "X-Up",
        "\xe9",
      ]);
      response.end(`${request.headers.host} ${request.headers.cookie} ${request.url}`);
    });
    const { proxy, hit } = await testProxy(upstream);
    const session = connectHttp2(`https://127.0.0.1:${proxy.https.port}`, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());
    const ask = (path: string) =>
      new Promise<{ headers: Record<string, unknown>; body: string }>((resolve, reject) => {
        const stream = session.request({ ":path": path, ":authority": "a.test", cookie: ["x=1", "y=2"] });
        let headers = {};
        let body = "";
        stream.on("response", (found) => {
          headers = found;
        });
        stream.on("data", (chunk) => {
          body += chunk;
        });
        stream.on("end", () => resolve({ headers, body })).on("error", reject);
      });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(`/${index}`)));
    for (const [index, { headers, body }] of answers.entries()) {
      expect(body).toBe(`a.test x=1; y=2 /${index}`);
      expect(headers).toMatchObject({ ":status": 200, "set-cookie": ["a=1", "b=2"] });
      expect(headers.connection).toBeUndefined();
    }
    expect(await hit(20)).toHaveLength(20);
  });

  test("HTTP/2: an answer that the upstream breaks off is a reset, never a clean end (faults.md, U3)", async () => {
    const upstream = await httpUpstream((_, response) => {
      response.writeHead(200, { "Content-Length": 10 });
      response.write("half", () => response.destroy());
    });
    const { proxy } = await testProxy(upstream);
    const session = connectHttp2(`https://127.0.0.1:${proxy.https.port}`, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":path": "/", ":authority": "a.test" });
    stream.on("error", () => {}).resume();
    await new Promise((resolve) => stream.on("close", resolve));
    expect(stream.rstCode).toBe(http2.NGHTTP2_INTERNAL_ERROR);
  });

  test("HTTP/2: bodies both ways, a page of the proxy's own, and a stream that the client gives up", async () => {
    const left = signal();
    const upstream = await httpUpstream((request, response) => {
      if (request.url !== "/forever") return void request.pipe(response);
      response.on("close", left.resolve);
      response.write("a");
    });
    const { proxy } = await testProxy(upstream);
    const session = connectHttp2(`https://127.0.0.1:${proxy.https.port}`, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());
    const post = session.request({ ":method": "POST", ":path": "/", ":authority": "a.test" });
    const body = Buffer.alloc(1_048_576, "x");
    post.end(body);
    let length = 0;
    post.on("data", (chunk: Buffer) => {
      length += chunk.length;
    });
    await new Promise((resolve) => post.on("end", resolve));
    expect(length).toBe(body.length);
    const bad = session.request({ ":method": "TRACE", ":path": "/", ":authority": "a.test" });
    expect(await new Promise((resolve) => bad.on("response", (headers) => resolve(headers[":status"])))).toBe(
      405,
    );
    const forever = session.request({ ":path": "/forever", ":authority": "a.test" });
    await new Promise((resolve) => forever.once("data", resolve));
    forever.close();
    await left.promise;
  });

  test("plain HTTP gets nginx's answer for it", async () => {
    const { proxy } = await testProxy(1);
    const answer = await exchangeRaw(proxy.https.port, GET);
    expect(statusOf(answer.text)).toBe(400);
    expect(bodyOf(answer.text)).toContain("<center>The plain HTTP request was sent to HTTPS port</center>");
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("none");
      },
    ],
    ["rejects", () => Promise.reject(new Error("none"))],
  ])("a secureContext that %s ends that connection alone", async (_, broken) => {
    const upstream = await httpUpstream((_request, response) => response.end("fine"));
    const { proxy } = await testProxy(upstream, {
      secureContext: (name) => (name === "bad.test" ? broken() : testContext("good.test")),
    });
    await expect(openTls(proxy.https.port, { servername: "bad.test" })).rejects.toThrow();
    const client = rawClient(await openTls(proxy.https.port, { servername: "good.test" }));
    client.send(GET);
    expect(bodyOf((await client.end()).text)).toContain("fine");
  });

  test.each([
    ["garbage after the first byte", Buffer.concat([Buffer.from([22, 3, 1, 0, 200]), Buffer.alloc(200, 9)])],
    ["a handshake that stops", Buffer.from([22, 3, 1])],
    ["nothing", Buffer.alloc(0)],
  ])("%s ends the connection, not the process", async (_, bytes) => {
    const { proxy } = await testProxy(1, { limits: { headMs: 150 } });
    const client = await openRaw(proxy.https.port);
    client.send(bytes);
    expect((await client.end()).ended).not.toBe("open");
  });

  test("HTTP/2 frames that make no sense end the session, not the process", async () => {
    const upstream = await httpUpstream((_, response) => response.end("fine"));
    // Node 20 sends GOAWAY and waits for the timeout; Node 24 closes the connection.
    const { proxy } = await testProxy(upstream, { limits: { keepAliveMs: 200 } });
    const socket = await openTls(proxy.https.port, { alpn: ["h2"] });
    const client = rawClient(socket);
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    client.send(
      Buffer.concat([
        Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
        Buffer.from([0, 0, 5, 1, 5, 0, 0, 0, 1]),
        Buffer.alloc(5, 0xff),
      ]),
    );
    const GOAWAY_FOR_COMPRESSION = "\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x09";
    await client.until((text) => text.includes(GOAWAY_FOR_COMPRESSION));
    await client.end();
    const next = rawClient(await openTls(proxy.https.port));
    next.send(GET);
    expect(bodyOf((await next.end()).text)).toContain("fine");
  });

  test("U11: an upstream that speaks TLS with a certificate of its own", async () => {
    const server = createTlsServer(selfSigned("backend.test"), (request, response) =>
      response.end(`tls ${request.headers.host}`),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port: at } = server.address() as AddressInfo;
    const { port } = await testProxy(upstreamAt(at, { protocol: "https" }));
    const client = await openRaw(port);
    client.send(
      "GET / HTTP/1.1\r\nHost: a.test\r\n\r\nGET / HTTP/1.1\r\nHost: b.test\r\nConnection: close\r\n\r\n",
    );
    const { text } = await client.end();
    expect(text).toContain("tls a.test");
    expect(text).toContain("tls b.test");
  });
});

describe("close", () => {
  test("lets a request end, ends idle connections and tunnels at once, and leaves nothing open", async () => {
    const arrived = signal();
    const go = signal();
    const { port: upstream } = await listeningHttp((request, response) => {
      if (request.url === "/slow") {
        arrived.resolve();
        void go.promise.then(() => response.end("done"));
      } else response.end("quick");
    });
    const { port, proxy } = await testProxy(upstream);
    const idle = await openRaw(port);
    idle.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    await idle.until((text) => text.includes("quick"));
    const silent = await openRaw(port);
    const slow = await openRaw(port);
    slow.send("GET /slow HTTP/1.1\r\nHost: a.test\r\n\r\n");
    await arrived.promise;
    const closing = proxy.close(60_000);
    await idle.end();
    await expect(openRaw(port)).rejects.toThrow();
    go.resolve();
    const { text } = await slow.end();
    expect(text).toContain("done");
    expect(text).toContain("Connection: close");
    await closing;
    await silent.end();
  });

  test("breaks off what takes longer", async () => {
    const arrived = signal();
    const upstream = await httpUpstream(() => arrived.resolve());
    const { port, proxy } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(GET);
    await arrived.promise;
    await proxy.close(20);
    await client.end();
  });

  test("a socket on the https port that never spoke does not hold it up", async () => {
    const { proxy } = await testProxy(1);
    const socket = connect(proxy.https.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.on("error", () => {});
    const gone = new Promise((resolve) => socket.once("close", resolve));
    await proxy.close(20);
    await gone;
  });

  test("can be asked for twice", async () => {
    const { proxy } = await testProxy(1);
    await Promise.all([proxy.close(0), proxy.close(0)]);
    expect(startProxy).toBeTypeOf("function");
  });
});
