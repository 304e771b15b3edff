import { describe, expect, test } from "vitest";
import { DEFAULT_CLIENT_OPTIONS } from "../../../src/model/client-options.ts";
import {
  data,
  FLAG,
  FRAME,
  frame,
  ping,
  rstStream,
  SETTING,
  settings,
  uint32,
  windowUpdate,
} from "../../support/http2-raw/frames.ts";
import { integer, literals, text } from "../../support/http2-raw/header-block.ts";
import type { Http2Raw } from "../../support/http2-raw.ts";
import { ask, head, http2Proxy, post } from "./support.ts";

/** A server that reads nothing for so long reads no further. unit: ms */
const HELD_MS = 1_500;

/** Sends `make(i)` for each i below `count`, until the connection ends or the server reads no more. */
async function flood(
  client: Http2Raw,
  count: number,
  make: (i: number) => Buffer,
): Promise<"ended" | "held" | "taken"> {
  const { socket } = client;
  for (let i = 0; i < count; ) {
    const pieces: Buffer[] = [];
    for (let bytes = 0; i < count && bytes < 65_536; i++) {
      const piece = make(i);
      pieces.push(piece);
      bytes += piece.length;
    }
    client.send(...pieces);
    await new Promise((resolve) => setImmediate(resolve));
    while (client.ended() === undefined && socket.writableLength > 2 ** 20) {
      const before = socket.bytesWritten - socket.writableLength;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, HELD_MS);
        socket.once("drain", () => {
          clearTimeout(timer);
          resolve();
        });
        socket.once("close", resolve);
      });
      if (client.ended() === undefined && socket.bytesWritten - socket.writableLength === before)
        return "held";
    }
    if (client.ended() !== undefined) return "ended";
  }
  return "taken";
}

/** By the server, with the reason if the client still hears it. */
const ENDED = /^(?:GOAWAY (?!NO_ERROR)|closed|reset)/;

/** The end is not that of `keep-alive-requests`. */
const UNCOUNTED = {
  client: () => ({ ...DEFAULT_CLIENT_OPTIONS, keepAliveRequests: 10_000_000 }),
  limits: { lingerMs: 500 },
};

describe("floods end their connection", () => {
  const EMPTY_NAMES = frame(FRAME.headers, 5, 1, Buffer.alloc(16_383));
  const odd = (i: number) => 2 * i + 1;
  const GET = literals(ask());
  const open = (i: number) => frame(FRAME.headers, 5, odd(i), GET);
  const renumbered = (bytes: Buffer, stream: number) =>
    Buffer.concat([bytes.subarray(0, 5), uint32(stream), bytes.subarray(9)]);

  test.each<[string, number, (i: number) => Buffer]>([
    [
      "streams that are reset at once (CVE-2023-44487)",
      10_000,
      (i) => Buffer.concat([open(i), rstStream(odd(i), 8)]),
    ],
    [
      "uploads that are reset at once",
      10_000,
      (i) => Buffer.concat([post(odd(i)), data(odd(i), "x", "more"), rstStream(odd(i), 8)]),
    ],
    [
      "streams that the server has to reset (CVE-2025-8671)",
      10_000,
      (i) => Buffer.concat([open(i), windowUpdate(odd(i), 0)]),
    ],
    ["malformed requests", 10_000, (i) => head(odd(i), ask("GET", "/", [["connection", "close"]]))],
    ["heads of empty names (CVE-2019-9516)", 2_000, (i) => renumbered(EMPTY_NAMES, odd(i))],
    ["empty DATA (CVE-2019-9518)", 100_000, (i) => (i === 0 ? post(1) : data(1, "", "more"))],
    [
      "a head without end (CVE-2024-27316)",
      4_000,
      (i) =>
        frame(
          i === 0 ? FRAME.headers : FRAME.continuation,
          i === 0 ? 1 : 0,
          1,
          i === 0 ? GET : Buffer.concat([Buffer.from([0]), text(`x-${i}`), text("x".repeat(16_000))]),
        ),
    ],
    [
      "empty CONTINUATION",
      100_000,
      (i) => (i === 0 ? frame(FRAME.headers, 1, 1, GET) : frame(FRAME.continuation, 0, 1)),
    ],
  ])("%s", async (_, count, make) => {
    const proxy = await http2Proxy(UNCOUNTED);
    const client = await proxy.open();
    expect(await flood(client, count, make)).not.toBe("held");
    expect(await client.end()).toMatch(ENDED);
    // nghttp2 lets 1,000 resets pass; a connection has 128 streams.
    expect(proxy.begun.length).toBeLessThan(2_000);
    await proxy.isWell();
  });

  test.each<[string, (i: number) => Buffer]>([
    ["PING (CVE-2019-9512)", (i) => ping(String(i).padStart(8, "0"))],
    ["SETTINGS (CVE-2019-9515)", (i) => settings([SETTING.initialWindowSize, 65_535 + (i % 2)])],
    ["streams to refuse", (i) => head(2 * i + 1, ask("GET", "/", [["te", "x"]]))],
  ])("%s whose answers nobody reads: they end it, or are read no further", async (_, make) => {
    const proxy = await http2Proxy(UNCOUNTED);
    const client = await proxy.open();
    await client.frame(FRAME.settings);
    client.socket.pause();
    // The sockets' own buffers hold some megabytes.
    if ((await flood(client, 3_000_000, make)) !== "held") {
      client.socket.resume();
      expect(await client.end()).toMatch(ENDED);
    }
    await proxy.isWell();
  });

  test.each<[string, number, (i: number) => Buffer]>([
    ["PRIORITY", 50_000, (i) => frame(FRAME.priority, 0, odd(i), Buffer.alloc(5))],
    ["WINDOW_UPDATE", 50_000, () => windowUpdate(0, 1)],
    ["frames of an unknown type", 50_000, () => frame(0x20, 0, 0, Buffer.alloc(20))],
    ["PING whose answers are read", 5_000, (i) => ping(String(i).padStart(8, "0"))],
  ])("%s do no harm", async (_, count, make) => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    await flood(client, count, make);
    await proxy.isWell();
  });
});

describe("HPACK bombs: small blocks that say much", () => {
  const start = Buffer.from([0x82, 0x86, 0x84]);
  const entry = Buffer.concat([Buffer.from([0x40]), text("x"), text("y".repeat(4_000))]);
  const bomb = Buffer.concat([start, entry, Buffer.alloc(12_000, 0x80 | 62)]);

  test("one says 48 MB: it is refused, and no backend hears of it", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    client.send(frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, 1, bomb));
    const { status, reset } = await client.answer(1);
    expect(`${status} ${reset} ${client.ended()}`).toMatch(
      /^(?:4(?:00|31) |0 ENHANCE|0 PROTOCOL|0 undefined GOAWAY)/,
    );
    expect(proxy.begun).toEqual([]);
    await proxy.isWell();
  });

  test("1,000 of them are 48 GB that nobody keeps", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 1_000 && client.ended() === undefined; i++) {
      client.send(frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, 2 * i + 1, bomb));
      await client.answer(2 * i + 1);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
    expect(proxy.begun).toEqual([]);
    await proxy.isWell();
  });

  test("a table that changes its size in every block stays right", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    const authority = Buffer.concat([Buffer.from([0x41]), text("a.test")]);
    for (let i = 0; i < 200; i++) {
      const sizes = Buffer.concat([integer(0, 5, 0x20), integer(i * 20, 5, 0x20)]);
      client.send(frame(FRAME.headers, 5, 2 * i + 1, Buffer.concat([sizes, start, authority])));
      expect((await client.answer(2 * i + 1)).status).toBe(200);
    }
  });
});
