import { describe, expect, test } from "vitest";
import type { NextUpstream, NextUpstreamCondition } from "../../src/model/route/transport.ts";
import type { Resolve } from "../../src/model/upstream.ts";
import { triesAgain } from "../../src/proxy/carry/next-upstream.ts";
import { bodyOf, exchangeRaw, openRaw, statusOf } from "../support/raw.ts";
import { ingressWith, serveManifests } from "./served.ts";
import { deadPort, forwardAll, httpUpstream, onHead, rawUpstream, testProxy, upstreamAt } from "./support.ts";

const conditions = (...words: NextUpstreamCondition[]): NextUpstream => ({
  conditions: new Set(words),
  tries: 3,
  timeoutMs: 0,
});

const USUAL = conditions("error", "timeout");

describe("ngx_http_upstream_next", () => {
  test.each([
    // settings, what went wrong, tries, ms, sent, idempotent, whole → again
    [USUAL, "error", 1, 0, "sent", true, true, true],
    [USUAL, "error", 2, 0, "sent", true, true, true],
    [USUAL, "error", 3, 0, "sent", true, true, false],
    [USUAL, "timeout", 1, 60_000, "sent", true, true, true],
    [USUAL, "http_503", 1, 0, "sent", true, true, false],
    [USUAL, "error", 1, 0, "sent", false, true, false],
    [USUAL, "error", 1, 0, "unsent", false, true, true],
    [USUAL, "error", 1, 0, "sent", true, false, false],
    [USUAL, "error", 1, 0, "unsent", true, false, true],
    [conditions("error", "non_idempotent"), "error", 1, 0, "sent", false, true, true],
    [conditions(), "error", 1, 0, "unsent", true, true, false],
    [{ ...USUAL, timeoutMs: 5_000 }, "error", 1, 4_999, "sent", true, true, true],
    [{ ...USUAL, timeoutMs: 5_000 }, "error", 1, 5_000, "sent", true, true, false],
    [{ ...USUAL, tries: 1 }, "error", 1, 0, "unsent", true, true, false],
    [{ ...USUAL, tries: 0 }, "error", 99, 0, "unsent", true, true, true],
    [{ ...USUAL, tries: 0 }, "error", 100, 0, "unsent", true, true, false],
    [undefined, "error", 1, 0, "unsent", true, true, false],
  ] as const)("%j, %s, after %i tries and %i ms, %s, idempotent %s, whole %s → %s", (...row) => {
    const [settings, condition, tries, elapsedMs, sent, idempotent, whole, again] = row;
    expect(triesAgain(settings, condition, { tries, elapsedMs, sent, idempotent, whole })).toBe(again);
  });
});

/** Resolves to each of `ports` in turn, then to the first again. */
function oneAfterTheOther(...ports: readonly number[]): { resolve: Resolve; asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    resolve: (_, __, options) => {
      const tried = options?.tried ?? [];
      asked.push([...tried]);
      const port = ports[tried.length % ports.length] ?? 0;
      return { kind: "upstream", upstream: upstreamAt(port) };
    },
  };
}

const answering = (status: number, body = "ok") =>
  httpUpstream((request, response) => {
    let received = "";
    request.on("data", (chunk) => {
      received += chunk;
    });
    request.on("end", () => response.writeHead(status).end(`${body} ${received}`));
  });

const ask = (port: number, line = "GET /", rest = "\r\n") =>
  exchangeRaw(port, `${line} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${rest}`);

describe("over sockets", () => {
  test.each([
    ["GET /", "\r\n", 200],
    ["POST /", "Content-Length: 2\r\n\r\nhi", 200],
  ])("%s goes on from an upstream that refuses connections", async (line, rest, status) => {
    const dead = await deadPort();
    const { resolve, asked } = oneAfterTheOther(dead, await answering(200));
    const { port, hit } = await testProxy(0, { decide: forwardAll({ nextUpstream: USUAL }), resolve });
    const { text } = await ask(port, line, rest);
    expect(statusOf(text)).toBe(status);
    expect(text).toContain(line.startsWith("POST") ? "ok hi" : "ok");
    expect(asked).toEqual([[], [`127.0.0.1:${dead}`]]);
    expect((await hit(1))[0]).toMatchObject({ status, error: undefined });
  });

  test("three tries, then 502; the hit says so", async () => {
    const dead = await deadPort();
    const { resolve, asked } = oneAfterTheOther(dead);
    const { port, hit } = await testProxy(0, { decide: forwardAll({ nextUpstream: USUAL }), resolve });
    expect(statusOf((await ask(port)).text)).toBe(502);
    expect(asked).toHaveLength(3);
    expect((await hit(1))[0]?.why[0]?.text).toContain("at the last of 3 tries (proxy-next-upstream)");
  });

  test.each([
    ["GET", 200, ["GET", "GET"]],
    ["DELETE", 200, ["DELETE", "DELETE"]],
    ["POST", 502, ["POST"]],
    ["PATCH", 502, ["PATCH"]],
  ])("%s that an upstream breaks off unanswered → %i", async (method, status, seen) => {
    const methods: string[] = [];
    const breaking = await rawUpstream((socket) =>
      onHead(socket, (head) => {
        methods.push(head.split(" ")[0] ?? "");
        socket.destroy();
      }),
    );
    const good = await httpUpstream((request, response) => {
      methods.push(request.method ?? "");
      response.end("ok");
    });
    const { resolve } = oneAfterTheOther(breaking, good);
    const { port } = await testProxy(0, { decide: forwardAll({ nextUpstream: USUAL }), resolve });
    expect(statusOf((await ask(port, `${method} /`)).text)).toBe(status);
    expect(methods).toEqual(seen);
  });

  test.each([
    ["http_503", "GET", 503, 200],
    ["http_503", "GET", 502, 502],
    ["http_404", "GET", 404, 200],
    ["http_503", "POST", 503, 503],
  ] as const)("%s: a %s answered %i → %i", async (word, method, first, status) => {
    const { resolve } = oneAfterTheOther(await answering(first, "bad"), await answering(200));
    const { port } = await testProxy(0, { decide: forwardAll({ nextUpstream: conditions(word) }), resolve });
    const { text } = await ask(port, `${method} /`, "Content-Length: 2\r\n\r\nhi");
    expect(statusOf(text)).toBe(status);
    expect(bodyOf(text)).toContain(status === 200 ? "ok hi" : "bad hi");
  });

  test("the answer of the last try is the one that counts", async () => {
    const { resolve, asked } = oneAfterTheOther(await answering(503, "bad"));
    const nextUpstream = conditions("http_503");
    const { port, hit } = await testProxy(0, { decide: forwardAll({ nextUpstream }), resolve });
    const { text } = await ask(port);
    expect(statusOf(text)).toBe(503);
    expect(bodyOf(text)).toContain("bad");
    expect(asked).toHaveLength(3);
    expect(await hit(1)).toHaveLength(1);
  });

  test("a response that is none is tried again only by invalid_header", async () => {
    const nonsense = await rawUpstream((socket) => onHead(socket, () => socket.end("220 smtp\r\n\r\n")));
    const good = await answering(200);
    for (const [words, status] of [
      [["error", "timeout"], 502],
      [["invalid_header"], 200],
    ] as const) {
      const { resolve } = oneAfterTheOther(nonsense, good);
      const nextUpstream = conditions(...words);
      const { port } = await testProxy(0, { decide: forwardAll({ nextUpstream }), resolve });
      expect(statusOf((await ask(port)).text)).toBe(status);
    }
  });

  test("an upstream that says nothing is left for the next after the read timeout", async () => {
    const silent = await rawUpstream((socket) => onHead(socket, () => {}));
    const { resolve } = oneAfterTheOther(silent, await answering(200));
    const decide = forwardAll({ nextUpstream: USUAL, readTimeoutMs: 300 });
    const { port } = await testProxy(0, { decide, resolve });
    expect(statusOf((await ask(port)).text)).toBe(200);
  });

  test("pods that are retired meanwhile are no tries, also where that is known only later", async () => {
    const retired = new AbortController();
    const pod = (name: string, open: () => Promise<never>, signal?: AbortSignal) =>
      upstreamAt(0, { name, connection: { kind: "stream", open, retired: signal } });
    const gone = () => Promise.reject(new Error("the pod is gone"));
    const last = () => {
      retired.abort();
      return gone();
    };
    const upstreams = [
      ...[pod("a", gone, retired.signal), pod("b", gone, retired.signal), pod("c", last)],
      upstreamAt(await answering(200)),
    ];
    let turn = 0;
    const resolve = () => ({ kind: "upstream", upstream: upstreams[turn++] ?? upstreamAt(0) }) as const;
    const { port } = await testProxy(0, { decide: forwardAll({ nextUpstream: USUAL }), resolve });
    expect(statusOf((await ask(port)).text)).toBe(200);
  });

  test("nothing is tried again once the client has been sent the head", async () => {
    const half = await rawUpstream((socket) =>
      onHead(socket, () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")),
    );
    const { resolve, asked } = oneAfterTheOther(half, await answering(200));
    const { port } = await testProxy(0, { decide: forwardAll({ nextUpstream: USUAL }), resolve });
    const { text } = await ask(port);
    expect(text).toContain("half");
    expect(text).not.toContain("ok");
    expect(asked).toHaveLength(1);
  });

  test("an upgrade goes on from an upstream that refuses connections", async () => {
    const web = await rawUpstream((socket) =>
      onHead(socket, () =>
        socket.write("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhi"),
      ),
    );
    const { resolve, asked } = oneAfterTheOther(await deadPort(), web);
    const { port } = await testProxy(0, { decide: forwardAll({ nextUpstream: USUAL }), resolve });
    const client = await openRaw(port);
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
    await client.until((text) => text.startsWith("HTTP/1.1 101 ") && text.endsWith("hi"));
    client.socket.destroy();
    expect(asked).toHaveLength(2);
  });

  test("a client that leaves between two tries is not followed by another", async () => {
    let requests = 0;
    const silent = await rawUpstream((socket) =>
      onHead(socket, () => {
        requests++;
      }),
    );
    const { resolve } = oneAfterTheOther(silent);
    const { port, hit } = await testProxy(0, { decide: forwardAll({ nextUpstream: USUAL }), resolve });
    const client = await openRaw(port);
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    await expect.poll(() => requests, { timeout: 10_000 }).toBe(1);
    client.socket.destroy();
    expect(await hit(1)).toMatchObject([{ status: 499 }]);
    expect(requests).toBe(1);
  });

  test("an Ingress without the annotation: the one backend there is, three times", async () => {
    let requests = 0;
    const breaking = await rawUpstream((socket) =>
      onHead(socket, () => {
        requests++;
        socket.destroy();
      }),
    );
    const { port } = await serveManifests(ingressWith({ "proxy-body-size": "8m" }), { web: breaking });
    expect(statusOf((await ask(port)).text)).toBe(502);
    expect(requests).toBe(3);
    const off = await serveManifests(ingressWith({ "proxy-next-upstream": "off" }), { web: breaking });
    expect(statusOf((await ask(off.port)).text)).toBe(502);
    expect(requests).toBe(4);
  });
});
