import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Throttle } from "../../src/proxy/carry/delivery/throttle.ts";
import { bodyOf, exchangeRaw, openRaw, statusOf } from "../support/raw.ts";
import { ingressWith, serveManifests } from "./served.ts";
import { httpUpstream } from "./support.ts";

describe("ngx_http_write_filter", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A throttle on a stopped clock, and its output. */
  function throttled(bytesPerSecond: number, afterBytes: number, takes: () => boolean = () => true) {
    const pieces: [ms: number, bytes: number][] = [];
    const started = Date.now();
    const clock = () => Date.now() - started;
    const drains: (() => void)[] = [];
    let freed = 0;
    const throttle = new Throttle({ bytesPerSecond, afterBytes }, clock, {
      write(piece) {
        pieces.push([clock(), piece.length]);
        return takes();
      },
      whenDrained: (drained) => void drains.push(drained),
      free: () => freed++,
    });
    return { throttle, pieces, drains, freed: () => freed };
  }

  test("a piece is cut at the rate, and what is left waits as long as that is worth", () => {
    const { throttle, pieces, freed } = throttled(1000, 0);
    expect(throttle.write(Buffer.alloc(2500))).toBe(false);
    let ended = false;
    throttle.end(() => {
      ended = true;
    });
    vi.advanceTimersByTime(999);
    expect(pieces).toEqual([[0, 1000]]);
    vi.advanceTimersByTime(5_000);
    expect(pieces).toEqual([
      [0, 1000],
      [1000, 1000],
      [2000, 500],
    ]);
    expect(ended).toBe(true);
    expect(freed()).toBe(1);
  });

  test("limit-rate-after: the first bytes go out at full speed", () => {
    const { throttle, pieces } = throttled(1000, 5000);
    expect(throttle.write(Buffer.alloc(5000))).toBe(true);
    expect(throttle.write(Buffer.alloc(1500))).toBe(false);
    vi.advanceTimersByTime(3_000);
    expect(pieces).toEqual([
      [0, 5000],
      [0, 1000],
      [1000, 500],
    ]);
  });

  test("a client that does not read is waited for", () => {
    const { throttle, pieces, drains, freed } = throttled(1000, 10_000, () => false);
    expect(throttle.write(Buffer.alloc(100))).toBe(false);
    throttle.write(Buffer.alloc(100));
    vi.advanceTimersByTime(10_000);
    expect(pieces).toEqual([[0, 100]]);
    drains.shift()?.();
    expect(pieces).toHaveLength(2);
    drains.shift()?.();
    expect(freed()).toBe(1);
  });

  test("nothing is sent, and nobody told, once it was stopped", () => {
    const { throttle, pieces, freed } = throttled(1000, 0);
    throttle.write(Buffer.alloc(2500));
    throttle.stop();
    vi.advanceTimersByTime(10_000);
    expect(pieces).toEqual([[0, 1000]]);
    expect(freed()).toBe(0);
  });
});

const body = "x".repeat(2_500);
const web = () => httpUpstream((_, response) => response.end(body));

/** nginx limits the rate only when it buffers. */
const BUFFERED = { "proxy-buffering": "on" };

test("a response takes its time, and is whole", async () => {
  const { port, hit } = await serveManifests(ingressWith({ ...BUFFERED, "limit-rate": "1" }), {
    web: await web(),
  });
  const started = performance.now();
  const { text } = await exchangeRaw(port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  expect(performance.now() - started).toBeGreaterThanOrEqual(1_900);
  expect(statusOf(text)).toBe(200);
  expect(
    bodyOf(text)
      .replace(/\r\n|[0-9a-f]+(?=\r\n)/g, "")
      .match(/x/g),
  ).toHaveLength(2_500);
  expect((await hit(1))[0]).toMatchObject({ status: 200, bytes: 2_500, error: undefined });
});

test("a client that leaves in between ends it, and the next response is not held up", async () => {
  const { port, hit } = await serveManifests(
    ingressWith({ ...BUFFERED, "limit-rate": "1", "limit-rate-after": "1" }),
    {
      web: await web(),
    },
  );
  const client = await openRaw(port);
  client.send("GET /left HTTP/1.1\r\nHost: a.test\r\n\r\n");
  await client.until((text) => text.includes("xxx"));
  client.socket.destroy();
  expect(await hit(1)).toMatchObject([{ path: "/left", error: "the client closed the connection" }]);
});
