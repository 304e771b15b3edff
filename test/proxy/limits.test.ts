import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import type { LimitGuard } from "../../src/model/guard.ts";
import { reason } from "../../src/model/reason.ts";
import { exchangeRaw, openRaw, statusOf } from "../support/raw.ts";
import { forwardAll, httpUpstream, testProxy } from "./support.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
const UPGRADE =
  "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n";

/** A proxy that allows two concurrent requests per client, and an upstream that waits. */
async function twoAtOnce() {
  const waiting: ServerResponse[] = [];
  const guard: LimitGuard = {
    kind: "limits",
    why: reason("limits", "limit-connections: 2"),
    rates: [],
    connections: { zone: "default/web", atOnce: 2 },
    status: { rate: 503, connections: 503 },
  };
  const server = await testProxy(await httpUpstream((_, response) => waiting.push(response)), {
    decide: (facts) => ({ ...forwardAll()(facts), guards: [guard] }),
  });
  const held = async (count: number) => {
    await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(count);
    return waiting;
  };
  return { ...server, held };
}

test("a request over limit-connections is answered 503, and says why", async () => {
  const { port, held, hits } = await twoAtOnce();
  const clients = [await openRaw(port), await openRaw(port)];
  for (const client of clients) client.send(GET);
  const waiting = await held(2);
  const third = await exchangeRaw(port, GET);
  expect(statusOf(third.text)).toBe(503);
  expect(third.text).toContain("503 Service Temporarily Unavailable");
  expect(hits[0]?.why[0]?.text).toBe("limit-connections: 2 requests of 127.0.0.1 are in progress already");
  for (const response of waiting) response.end("done");
  for (const client of clients) expect(statusOf((await client.end()).text)).toBe(200);
});

test("a request that has been answered makes room, on the same connection too", async () => {
  const { port, held } = await twoAtOnce();
  const client = await openRaw(port);
  for (let i = 1; i <= 5; i++) {
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    (await held(i)).at(-1)?.end(`answer ${i}`);
    await client.until((text) => text.includes(`answer ${i}`));
  }
  expect(client.text()).not.toContain("503");
  client.socket.destroy();
});

test.each([
  ["a plain request", GET],
  ["an upgrade", UPGRADE],
])("%s whose client leaves makes room", async (_, bytes) => {
  const { port, held, hit } = await twoAtOnce();
  for (let i = 1; i <= 4; i++) {
    const client = await openRaw(port);
    client.send(bytes);
    await held(i);
    client.socket.destroy();
    expect((await hit(i)).at(-1)?.status).toBe(499);
  }
});

test("a request that may wait for its turn is answered late", async () => {
  const guard: LimitGuard = {
    kind: "limits",
    why: reason("limits", "4 in a second"),
    rates: [{ zone: "default/web", annotation: "average", perSecond: 4_000, burst: 0, patience: 1 }],
    status: { rate: 429, connections: 429 },
  };
  const { port } = await testProxy(await httpUpstream((_, response) => response.end("done")), {
    decide: (facts) => ({ ...forwardAll()(facts), guards: [guard] }),
  });
  const started = performance.now();
  expect(statusOf((await exchangeRaw(port, GET)).text)).toBe(200);
  expect(statusOf((await exchangeRaw(port, GET)).text)).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(240);
});
