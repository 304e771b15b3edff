import { describe, expect, test } from "vitest";
import type { Decision, RequestFacts } from "../../src/model/decision.ts";
import type { NextUpstream, NextUpstreamCondition, Transport } from "../../src/model/route/transport.ts";
import type { Upstream } from "../../src/model/upstream.ts";
import type { ProxyOptions } from "../../src/proxy/proxy.ts";
import { bodyOf, exchangeRaw, headLines, openRaw, statusOf } from "../support/raw.ts";
import { answer, BACKENDS, type BackendCall, PROTOCOLS, type Spoken, type Talk } from "./backends.ts";
import {
  deadPort,
  forwardAll,
  httpUpstream,
  signal,
  type TestProxy,
  testProxy,
  upstreamAt,
} from "./support.ts";

/**
 * A forwarded request ends the same way with every protocol of its backend: each scenario runs over every
 * carrier. The controller chooses a route's settings: for gRPC and FastCGI, ingress-nginx gives what nginx
 * has there (test/compile/upstream-module.test.ts).
 */

const on = (...words: NextUpstreamCondition[]): NextUpstream => ({
  conditions: new Set(words),
  tries: 3,
  timeoutMs: 0,
});

const GET = "GET /a HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
const POST = "POST /a HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED =
  "POST /a HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

/** A body without its chunk framing; only for letters and blanks that are no hexadecimal numbers. */
const unframed = (text: string) => bodyOf(text).replace(/\r\n|[0-9a-f]+(?=\r\n)/g, "");

describe.each(Object.keys(BACKENDS) as Spoken[])("%s", (spoken) => {
  const backend = (talk: Talk) => BACKENDS[spoken](talk);
  const answering = (status: number, body = "ok") =>
    backend((call) => answer(call, status, {}, `${body} ${call.method} ${call.body}`));
  const dead = async () => upstreamAt(await deadPort(), { protocol: PROTOCOLS[spoken] });

  /** A proxy whose tries go to these upstreams in turn. */
  function proxyTo(
    upstreams: readonly Upstream[],
    transport: Partial<Transport> = {},
    options: Partial<ProxyOptions> = {},
  ): Promise<TestProxy> {
    return testProxy(0, {
      decide: (facts) => forwarded(facts, transport),
      resolve: (_, __, options) => {
        const upstream = upstreams[(options?.tried?.length ?? 0) % upstreams.length];
        if (upstream === undefined) throw new Error("no upstream");
        return { kind: "upstream", upstream };
      },
      ...options,
    });
  }

  describe("the next upstream", () => {
    test.each([
      // condition, request, the first's answer → status, what the client gets
      ["http_503", GET, 503, 200, "good GET "],
      ["http_404", GET, 404, 200, "good GET "],
      ["http_503", GET, 502, 502, "bad GET "],
      ["http_503", POST, 503, 503, "bad POST hello"],
      ["non_idempotent", POST, 503, 200, "good POST hello"],
      ["non_idempotent", CHUNKED, 503, 200, "good POST hello"],
    ] as const)("%s: %j answered %i → %i %j", async (word, request, first, status, body) => {
      const upstreams = [await answering(first, "bad"), await answering(200, "good")];
      const { port, hit } = await proxyTo(upstreams, { nextUpstream: on("http_503", word) });
      const { text } = await exchangeRaw(port, request);
      expect([statusOf(text), unframed(text).trim()]).toEqual([status, body.trim()]);
      expect(await hit(1)).toMatchObject([
        { status, upstream: upstreams[first === status ? 0 : 1]?.name, error: undefined },
      ]);
    });

    const silent: Talk = () => {};
    const breaking: Talk = (call) => call.breakOff();
    const malformed: Talk = (call) => answer(call, 200, { "X-Long": "x".repeat(5_000) });

    test.each([
      ["breaks off", "error", GET, breaking, 200],
      ["breaks off", "error", POST, breaking, 502],
      ["breaks off", "timeout", GET, breaking, 502],
      ["says nothing", "timeout", GET, silent, 200],
      ["says nothing", "timeout", POST, silent, 504],
      ["says nothing", "error", GET, silent, 504],
      ["has too long a head", "invalid_header", GET, malformed, 200],
      ["has too long a head", "error", GET, malformed, 502],
    ] as const)("one that %s, with %s: %j → %#", async (_, word, request, talk, status) => {
      const upstreams = [await backend(talk), await answering(200)];
      const { port, hit } = await proxyTo(upstreams, {
        nextUpstream: on(word),
        readTimeoutMs: 300,
        buffers: { responseHeadBytes: 4_096 },
      });
      const { text } = await exchangeRaw(port, request);
      expect(statusOf(text)).toBe(status);
      expect(await hit(1)).toMatchObject([{ status }]);
    });

    test.each([GET, POST])("nobody there: %j goes on, as nothing of it has gone out", async (request) => {
      const { port } = await proxyTo([await dead(), await answering(200)], { nextUpstream: on("error") });
      expect(statusOf((await exchangeRaw(port, request)).text)).toBe(200);
    });

    test("three tries, then 502; the hit says so", async () => {
      const { port, hit } = await proxyTo([await dead()], { nextUpstream: on("error") });
      expect(statusOf((await exchangeRaw(port, GET)).text)).toBe(502);
      expect((await hit(1))[0]?.why[0]?.text).toContain("at the last of 3 tries (proxy-next-upstream)");
    });

    test("each once: of two that are dead each is asked, and neither again", async () => {
      const two = [await dead(), await dead()];
      const nextUpstream = { ...on("error"), tries: "each-once" } as const;
      const { port, hit } = await proxyTo(two, { nextUpstream });
      expect(statusOf((await exchangeRaw(port, GET)).text)).toBe(502);
      const [told] = await hit(1);
      expect(told?.why[0]?.text).toContain("at the last of 2 tries");
      expect(told?.upstream).toBe(two[1]?.name);
    });

    test("nothing is tried again once the client has been sent the head; and no broken answer looks whole", async () => {
      let calls = 0;
      const half = await backend((call) => {
        calls++;
        call.head(200);
        call.write("half");
        setImmediate(() => call.breakOff());
      });
      const { port, hit } = await proxyTo([half], { nextUpstream: on("error", "timeout", "http_503") });
      const { text } = await exchangeRaw(port, GET);
      expect(statusOf(text)).toBe(200);
      expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
      expect(await hit(1)).toMatchObject([{ status: 200, error: expect.any(String) }]);
      expect(calls).toBe(1);
    });
  });

  describe("answers that do not go to the client", () => {
    test("custom-http-errors: another backend answers, with the request's body", async () => {
      const errors = upstreamAt(
        await httpUpstream((request, response) => {
          let body = "";
          request.on("data", (chunk) => {
            body += chunk;
          });
          request.on("end", () => response.end(`sorry for ${request.headers["x-code"]} ${body}`));
        }),
      );
      const web = await answering(503);
      const { port, hit } = await testProxy(0, {
        decide: withErrorPages,
        resolve: ({ service }) => ({ kind: "upstream", upstream: service === "errors" ? errors : web }),
      });
      const { text } = await exchangeRaw(port, POST);
      expect([statusOf(text), unframed(text)]).toEqual([200, "sorry for 503 hello"]);
      expect((await hit(1))[0]).toMatchObject({ status: 200, upstream: errors.name });
    });

    test("X-Accel-Redirect: the request goes on to another path, with its body", async () => {
      const seen: string[] = [];
      const web = await backend((call) => {
        seen.push(`${call.method} ${call.path} ${call.body}`);
        if (call.path === "/a" && seen.length === 1) answer(call, 404, { "X-Accel-Redirect": "/b" });
        else answer(call, 200, {}, "zzz");
      });
      const { port } = await testProxy(web, {
        decide: (facts) => ({
          ...forwarded(facts),
          ...(facts.inner === undefined ? {} : { method: "GET" }),
        }),
      });
      const { text } = await exchangeRaw(port, POST);
      expect([statusOf(text), unframed(text)]).toEqual([200, "zzz"]);
      expect(seen).toHaveLength(2);
      expect(seen[1]).toContain("hello");
    });

    test("a head within proxy-buffer-size goes through, a longer one is 502", async () => {
      const web = await backend((call) => {
        answer(call, 200, { "X-Long": "x".repeat(call.path === "/a" ? 1_900 : 2_100) });
      });
      const { port } = await proxyTo([web], { buffers: { responseHeadBytes: 2_048 } });
      expect(statusOf((await exchangeRaw(port, GET)).text)).toBe(200);
      const long = await exchangeRaw(port, GET.replace("/a", "/b"));
      expect(statusOf(long.text)).toBe(502);
      expect(long.text).toContain("upstream sent too big header");
    });
  });

  describe("the answer on its way to the client", () => {
    test("limit-rate: it takes its time, and is whole", async () => {
      const web = await backend((call) => answer(call, 200, {}, "z".repeat(2_500)));
      const { port, hit } = await proxyTo([web], {
        limitRate: { bytesPerSecond: 1_024, afterBytes: 0 },
        buffers: { response: "buffered" },
      });
      const started = performance.now();
      const { text } = await exchangeRaw(port, GET);
      expect(performance.now() - started).toBeGreaterThanOrEqual(1_900);
      expect(text.match(/z/g)).toHaveLength(2_500);
      expect(await hit(1)).toMatchObject([{ status: 200, bytes: 2_500, error: undefined }]);
    });

    test("a slow answer of limit-rate is no silence of the upstream", async () => {
      const web = await backend((call) => answer(call, 200, {}, "z".repeat(2_500)));
      const { port, hit } = await proxyTo([web], {
        limitRate: { bytesPerSecond: 1_024, afterBytes: 0 },
        buffers: { response: "buffered" },
        readTimeoutMs: 500,
      });
      expect((await exchangeRaw(port, GET)).text.match(/z/g)).toHaveLength(2_500);
      expect(await hit(1)).toMatchObject([{ status: 200, error: undefined }]);
    });

    test("headers of the location and rewrites of the backend's", async () => {
      const web = await backend((call) =>
        answer(call, 302, {
          Location: "http://inner.test/x",
          "Set-Cookie": "a=1; Path=/inner",
          "X-Mine": "1",
        }),
      );
      const { port } = await testProxy(web, {
        decide: (facts) => ({
          ...forwarded(facts),
          responseHeaders: [["X-Mine", "2"]],
          responseRewrites: {
            redirect: { from: "http://inner.test/", to: ["/"] },
            cookiePath: { from: "/inner", to: ["/outer"] },
          },
        }),
      });
      const { text } = await exchangeRaw(port, GET);
      const lines = headLines(text).map((line) => line.toLowerCase());
      expect(lines).toContain(`location: http://a.test:${port}/x`);
      expect(lines).toContain("set-cookie: a=1; path=/outer");
      expect(lines.filter((line) => line.startsWith("x-mine"))).toEqual(["x-mine: 2"]);
    });

    test("a client that does not read holds up the upstream, and is let go after a while", async () => {
      let written = 0;
      const left = signal();
      const web = await backend((call) => {
        call.head(200);
        call.left(left.resolve);
        pour(call, (bytes) => {
          written += bytes;
        });
      });
      const { port, hit } = await proxyTo([web], {}, { limits: { writeIdleMs: 1_000 } });
      const client = await openRaw(port);
      client.socket.pause();
      client.send(GET);
      expect(await hit(1)).toMatchObject([{ status: 200, error: expect.stringContaining("does not read") }]);
      await left.promise;
      // Only what the sockets' own buffers hold.
      expect(written).toBeLessThan(64 * 1_048_576);
      client.socket.destroy();
    });
  });

  describe("a client that leaves", () => {
    test.each([
      ["before it is answered", false, 499],
      ["within the answer", true, 200],
    ])("%s: the upstream is told, and the hit", async (_, begins, status) => {
      const arrived = signal();
      const left = signal();
      const web = await backend((call) => {
        call.left(left.resolve);
        if (begins) {
          call.head(200);
          call.write("half");
        }
        arrived.resolve();
      });
      const { port, hit } = await proxyTo([web], { nextUpstream: on("error") });
      const client = await openRaw(port);
      client.send(GET);
      await arrived.promise;
      if (begins) await client.until((text) => text.includes("half"));
      client.socket.destroy();
      await left.promise;
      expect(await hit(1)).toMatchObject([{ status, error: "the client closed the connection" }]);
    });
  });

  describe("the request's body", () => {
    test("over proxy-body-size: 413", async () => {
      const { port, hit } = await proxyTo([await answering(200)], { bodyLimit: 4 });
      expect(statusOf((await exchangeRaw(port, CHUNKED)).text)).toBe(413);
      expect(await hit(1)).toMatchObject([{ status: 413 }]);
    });

    test("that does not come: 408", async () => {
      const { port } = await proxyTo([await answering(200)], {}, { limits: { bodyIdleMs: 200 } });
      const half = POST.slice(0, -2);
      expect(statusOf((await exchangeRaw(port, half)).text)).toBe(408);
    });

    test("is copied to a mirror", async () => {
      const copied = signal();
      let copy = "";
      const mirror = await httpUpstream((request, response) => {
        request.on("data", (chunk) => {
          copy += chunk;
        });
        request.on("end", () => {
          copied.resolve();
          response.end();
        });
      });
      const { port } = await testProxy(await answering(200), {
        decide: (facts) => ({
          ...forwarded(facts),
          mirrors: [
            {
              scheme: "http",
              to: { host: "127.0.0.1", port: mirror },
              path: "/copy",
              host: "m.test",
              body: "sent",
            },
          ],
        }),
      });
      expect(unframed((await exchangeRaw(port, POST)).text)).toBe("ok POST hello");
      await copied.promise;
      expect(copy).toBe("hello");
    });
  });
});

/** Forwards unchanged, with FastCGI's parameters. */
function forwarded(facts: RequestFacts, transport: Partial<Transport> = {}): Forwarded {
  const path = facts.inner?.path ?? facts.target;
  const params = [
    ["REQUEST_METHOD", facts.inner === undefined ? facts.method : "GET"],
    ["REQUEST_URI", path],
  ] as const;
  return { ...(forwardAll(transport)(facts) as Forwarded), upstreamPath: path, params };
}

type Forwarded = Extract<Decision, { kind: "forward" }>;

/** To `default/web`, with error pages for 503 from `default/errors`. */
function withErrorPages(facts: RequestFacts): Decision {
  const decision = forwarded(facts);
  const { route } = decision;
  const errors = {
    kind: "error-pages",
    codes: [503],
    answeredBy: "default-backend",
    intercept: true,
    defaultBackend: { namespace: "default", service: "errors", port: { number: 80 } },
    own: { status: 404 },
    named: { codes: "custom-http-errors", defaultBackend: "default-backend" },
  } as const;
  return { ...decision, route: { ...route, steps: [errors] } };
}

/** Writes whenever there is room. */
function pour(call: BackendCall, wrote: (bytes: number) => void): void {
  const chunk = "z".repeat(50_000);
  let isOver = false;
  call.left(() => {
    isOver = true;
  });
  const more = () => {
    while (!isOver) {
      wrote(chunk.length);
      if (!call.write(chunk)) return call.drained(more);
    }
  };
  more();
}
