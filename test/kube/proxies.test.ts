import { describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { connectProxy, socks5Proxy, type TestProxy } from "./proxies.ts";
import { connection, httpServer, httpsServer, pair, silentServer } from "./support.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** An API server that answers "here", and greets by WebSocket. */
async function apiServer(scheme: "http" | "https") {
  const own = await pair("api.test");
  const { server, port } =
    scheme === "http"
      ? await httpServer((_request, response) => response.end("here"))
      : await httpsServer(own, (_request, response) => response.end("here"));
  new WebSocketServer({ server }).on("connection", (socket) => socket.send("hello"));
  return { port, ca: base64(own.cert) };
}

describe("proxy-url, for requests and WebSockets alike", () => {
  const through: readonly [string, "http" | "https", string, () => Promise<TestProxy>, string][] = [
    ["http", "https", "http://P", () => connectProxy(), ""],
    [
      "http, with credentials",
      "https",
      "http://jane:p%40ss@P",
      () => connectProxy(),
      ` Basic ${base64("jane:p@ss")}`,
    ],
    ["http, to an API server without TLS", "http", "http://P", () => connectProxy(), ""],
    ["SOCKS 5", "https", "socks5://P", () => socks5Proxy(), ""],
    ["SOCKS 5, to an API server without TLS", "http", "socks5://P", () => socks5Proxy(), ""],
    ["SOCKS 5 by its other name", "https", "socks5h://P", () => socks5Proxy(), ""],
    [
      "SOCKS 5, with credentials",
      "https",
      "socks5://jane:p%40ss@P",
      () => socks5Proxy({ password: "jane:p@ss" }),
      " jane:p@ss",
    ],
  ];
  test.each(through)("%s", async (_what, scheme, proxyUrl, newProxy, credentials) => {
    const { port, ca } = await apiServer(scheme);
    const proxy = await newProxy();
    const { connection: api } = await connection(
      {
        server: `${scheme}://127.0.0.1:${port}`,
        "certificate-authority-data": ca,
        "tls-server-name": "api.test",
        "proxy-url": proxyUrl.replace("P", `127.0.0.1:${proxy.port}`),
      },
      {},
    );
    expect(await (await api.request("/")).text()).toBe("here");
    const socket = await api.webSocket("/ws", []);
    socket.close();
    const asked = `127.0.0.1:${port}${credentials}`;
    expect(proxy.asked).toEqual([asked, asked]);
  });

  test("a proxy that is spoken to by https", async () => {
    const { port, ca } = await apiServer("https");
    // Node does not trust the proxy's certificate.
    const proxy = await connectProxy(await pair("localhost"));
    const { connection: api } = await connection(
      {
        server: `https://127.0.0.1:${port}`,
        "certificate-authority-data": ca,
        "tls-server-name": "api.test",
        "proxy-url": `https://localhost:${proxy.port}`,
      },
      {},
    );
    await expect(api.request("/")).rejects.toThrow("self-signed certificate");
    expect(proxy.asked).toEqual([]);
  });

  test("the API server's name is resolved by the proxy", async () => {
    const { port, ca } = await apiServer("https");
    for (const [scheme, proxy] of [
      ["http", await connectProxy()],
      ["socks5", await socks5Proxy()],
    ] as const) {
      const { connection: api } = await connection(
        {
          server: `https://api.test:${port}`,
          "certificate-authority-data": ca,
          "proxy-url": `${scheme}://127.0.0.1:${proxy.port}`,
        },
        {},
      );
      expect(await (await api.request("/")).text()).toBe("here");
      expect(proxy.asked).toEqual([`api.test:${port}`]);
    }
  });

  test("an address of IPv6 is named as such", async () => {
    const { port, ca } = await apiServer("https");
    for (const [scheme, proxy, host] of [
      ["http", await connectProxy(), "[::1]"],
      ["socks5", await socks5Proxy(), "[00000000000000000000000000000001]"],
    ] as const) {
      const { connection: api } = await connection(
        {
          server: `https://[::1]:${port}`,
          "certificate-authority-data": ca,
          "tls-server-name": "api.test",
          "proxy-url": `${scheme}://127.0.0.1:${proxy.port}`,
        },
        {},
      );
      expect(await (await api.request("/")).text()).toBe("here");
      expect(proxy.asked).toEqual([`${host}:${port}`]);
    }
  });
});

describe("a proxy that does not connect", () => {
  test.each<[string, string, () => Promise<{ readonly port: number }>, RegExp]>([
    [
      "it refuses",
      "http",
      () => connectProxy(undefined, "403 Forbidden"),
      /proxy 127.0.0.1:\d+ answered 403 Forbidden/,
    ],
    [
      "it knows no CONNECT",
      "http",
      () => connectProxy(undefined, "405 No"),
      /proxy 127.0.0.1:\d+ answered 405 No/,
    ],
    [
      "it wants other credentials",
      "socks5",
      () => socks5Proxy({ password: "a:b" }),
      /proxy 127.0.0.1:\d+ refuses the user name and password/,
    ],
    [
      "a SOCKS rule forbids it",
      "socks5",
      () => socks5Proxy({ reply: 2 }),
      /proxy 127.0.0.1:\d+ .*rule against/,
    ],
    ["SOCKS finds nobody there", "socks5", () => socks5Proxy({ reply: 5 }), /proxy 127.0.0.1:\d+ .*refused/],
    [
      "it speaks something else",
      "socks5",
      () => httpServer((_q, a) => a.end()),
      /proxy 127.0.0.1:\d+ closed the connection|does not speak SOCKS 5/,
    ],
    ["it is not there", "http", async () => ({ port: 1 }), /ECONNREFUSED/],
    ["it is not there, SOCKS", "socks5", async () => ({ port: 1 }), /ECONNREFUSED/],
  ])("%s", async (_what, scheme, newProxy, error) => {
    const { port } = await newProxy();
    const { connection: api } = await connection(
      { server: "https://api.test", "proxy-url": `${scheme}://jane:secret@127.0.0.1:${port}` },
      {},
    );
    const failed = await api.request("/").then(
      () => new Error("it answered"),
      (reason: Error) => reason,
    );
    expect(failed.message).toMatch(error);
    expect(failed.message).not.toContain("secret");
  });

  test.each([
    "http",
    "socks5",
  ])("%s: one that says nothing is not waited for, and its connection is closed", async (scheme) => {
    const { port, sockets } = await silentServer();
    const { connection: api } = await connection(
      { server: "https://api.test", "proxy-url": `${scheme}://127.0.0.1:${port}` },
      {},
      { limits: { connectMs: 50 } },
    );
    await expect(api.request("/")).rejects.toThrow(/within 0.05 s/);
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 20_000 });
  });

  test.each([
    ["socks4://127.0.0.1:1080", 'The URL of the proxy to cluster "c" has the scheme "socks4"'],
    ["ftp://127.0.0.1", 'The URL of the proxy to cluster "c" has the scheme "ftp"'],
    ["::", 'The URL of the proxy to cluster "c" cannot be read.'],
  ])("%s is refused", async (proxyUrl, message) => {
    const { connection: api } = await connection({ server: "https://api.test", "proxy-url": proxyUrl }, {});
    await expect(api.request("/")).rejects.toThrow(message);
  });
});
