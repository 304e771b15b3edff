import { describe, expect, test } from "vitest";
import {
  data,
  FLAG,
  FRAME,
  frame,
  PREFACE,
  padded,
  ping,
  rstStream,
  SETTING,
  settings,
  uint32,
  windowUpdate,
} from "../../support/http2-raw/frames.ts";
import { literals } from "../../support/http2-raw/header-block.ts";
import { ask, head, http2Proxy, outcome, post } from "./support.ts";

/** What is sent behind the preface, what must come of it, and the stream that it is about. */
type Row = readonly [
  title: string,
  sends: readonly Buffer[],
  comes: string | readonly string[],
  stream?: number,
];

const BLOCK = literals(ask());
const MORE = 2 ** 31 - 1;
const WRONG = "GOAWAY PROTOCOL_ERROR";
const SIZE = "GOAWAY FRAME_SIZE_ERROR";
const FLOW = "GOAWAY FLOW_CONTROL_ERROR";
/** Frames on a stream that is over may also be passed over (RFC 9113 section 5.1). */
const LATE = ["GOAWAY STREAM_CLOSED", "served"];
const headers = (flags: number, stream: number, block = BLOCK) => frame(FRAME.headers, flags, stream, block);
const continuation = (stream: number, block: Buffer, flags: number = FLAG.endHeaders) =>
  frame(FRAME.continuation, flags, stream, block);
const priority = (on: number) => Buffer.concat([uint32(on), Buffer.from([16])]);
const { endStream, endHeaders } = FLAG;

/** Sections of RFC 9113. Errors of a stream leave the connection as it is. */
const SECTIONS: Record<string, readonly Row[]> = {
  "4.1 frame format": [
    ["a frame of an unknown type", [frame(0x16, 255, 0, Buffer.alloc(8))], "served"],
    ["the same on a stream", [post(1), frame(0x16, 0, 1, Buffer.alloc(8)), data(1, "x")], "200", 1],
    ["unknown flags of a PING", [ping("12345678", 0xfe)], "served"],
    ["unknown flags of a HEADERS", [headers(0xd2 | endStream | endHeaders, 1)], "200", 1],
    ["unknown flags of a DATA", [post(1), frame(FRAME.data, 0xf7, 1, Buffer.from("x"))], "200", 1],
    ["the reserved bit before a stream", [headers(endStream | endHeaders, 0x80000001)], "200", 1],
  ],
  "4.2 frame size": [
    ["a DATA of 16,384 bytes", [post(1), data(1, Buffer.alloc(16_384))], "200", 1],
    ["a DATA of 16,385 bytes", [post(1), data(1, Buffer.alloc(16_385))], [SIZE, "reset FRAME_SIZE_ERROR"], 1],
    ["a HEADERS of 16,385 bytes", [headers(5, 1, Buffer.alloc(16_385))], SIZE],
    ["a CONTINUATION of 16,385 bytes", [headers(1, 1), continuation(1, Buffer.alloc(16_385))], SIZE],
    ["an unknown frame of 16,385 bytes", [frame(0x16, 0, 0, Buffer.alloc(16_385))], SIZE],
    ["a SETTINGS of 16,386 bytes", [frame(FRAME.settings, 0, 0, Buffer.alloc(16_386))], SIZE],
  ],
  "5.1 stream states": [
    ["a DATA on an idle stream", [data(1, "x")], WRONG],
    ["a RST_STREAM on an idle stream", [rstStream(1, 8)], WRONG],
    ["a WINDOW_UPDATE on an idle stream", [windowUpdate(1, 100)], WRONG],
    ["a CONTINUATION on an idle stream", [continuation(1, BLOCK)], WRONG],
    ["a PRIORITY on an idle stream", [frame(FRAME.priority, 0, 3, priority(0))], "served"],
    [
      "a DATA after END_STREAM",
      [head(1, ask("GET", "/never")), data(1, "x")],
      ["reset STREAM_CLOSED", "GOAWAY STREAM_CLOSED"],
      1,
    ],
    [
      "a HEADERS after END_STREAM",
      [head(1, ask("GET", "/never")), head(1)],
      ["reset STREAM_CLOSED", "GOAWAY STREAM_CLOSED"],
      1,
    ],
    ["a CONTINUATION after END_STREAM", [head(1, ask("GET", "/never")), continuation(1, BLOCK)], WRONG],
    ["a WINDOW_UPDATE after END_STREAM", [head(1), windowUpdate(1, 100)], "200", 1],
    ["a DATA after its RST_STREAM", [post(1, "/never"), rstStream(1, 8), data(1, "x")], LATE],
    ["a HEADERS after its RST_STREAM", [post(1, "/never"), rstStream(1, 8), head(1)], [...LATE, WRONG]],
    ["a WINDOW_UPDATE after its RST_STREAM", [post(1), rstStream(1, 8), windowUpdate(1, 9)], "served"],
    ["a second RST_STREAM", [post(1), rstStream(1, 8), rstStream(1, 8)], LATE],
    ["a PRIORITY after its RST_STREAM", [post(1), rstStream(1, 8), frame(2, 0, 1, priority(0))], "served"],
  ],
  "5.1.1 stream identifiers": [
    ["an even stream", [head(2)], WRONG],
    ["a stream lower than one before", [head(5), head(3)], WRONG],
    ["a stream passed over", [head(3), head(7), head(9)], "200", 7],
  ],
  "5.3 priority": [
    ["a HEADERS that depends on another", [headers(0x25, 1, Buffer.concat([priority(3), BLOCK]))], "200", 1],
    [
      "a HEADERS that depends on itself",
      [headers(0x25, 1, Buffer.concat([priority(1), BLOCK]))],
      // RFC 7540 section 5.3.1; RFC 9113 has no such error.
      ["200", "reset PROTOCOL_ERROR", WRONG],
      1,
    ],
    ["a PRIORITY of stream 0", [frame(FRAME.priority, 0, 0, priority(3))], WRONG],
    [
      "a PRIORITY of 4 bytes",
      [post(1, "/never"), frame(FRAME.priority, 0, 1, Buffer.alloc(4))],
      ["reset FRAME_SIZE_ERROR", SIZE],
      1,
    ],
    ["a HEADERS too short for its priority", [headers(0x25, 1, Buffer.alloc(3))], [SIZE, WRONG]],
  ],
  "6.1 DATA": [
    ["a DATA of stream 0", [data(0, "x")], WRONG],
    ["padding", [post(1), frame(FRAME.data, 9, 1, padded("x", 200))], "200", 1],
    ["nothing but padding", [post(1), frame(FRAME.data, 9, 1, padded("", 255))], "200", 1],
    ["padding as long as the frame", [post(1), frame(FRAME.data, 9, 1, padded("xx", 0, 3))], WRONG],
    ["padding longer than the frame", [post(1), frame(FRAME.data, 9, 1, padded("xx", 0, 9))], WRONG],
    ["PADDED without its length", [post(1), frame(FRAME.data, 9, 1)], [SIZE, WRONG]],
  ],
  "6.2 HEADERS": [
    ["a HEADERS of stream 0", [head(0)], WRONG],
    ["padding", [headers(13, 1, padded(BLOCK, 200))], "200", 1],
    ["padding and priority", [headers(45, 1, padded(Buffer.concat([priority(0), BLOCK]), 9))], "200", 1],
    ["padding longer than the frame", [headers(13, 1, padded(BLOCK, 0, BLOCK.length + 1))], WRONG],
    ["PADDED without its length", [headers(13, 1, Buffer.alloc(0))], [SIZE, WRONG]],
    ["no block at all", [headers(5, 1, Buffer.alloc(0))], ["reset PROTOCOL_ERROR", "400"], 1],
  ],
  "6.4 RST_STREAM": [
    ["a RST_STREAM of stream 0", [rstStream(0, 8)], WRONG],
    ["a RST_STREAM of 3 bytes", [post(1), frame(FRAME.rstStream, 0, 1, Buffer.alloc(3))], SIZE],
    ["a RST_STREAM of 5 bytes", [post(1), frame(FRAME.rstStream, 0, 1, Buffer.alloc(5))], SIZE],
    ["an unknown error", [post(1), rstStream(1, 0xff)], "served"],
  ],
  "6.5 SETTINGS": [
    ["an ACK with bytes", [frame(FRAME.settings, FLAG.ack, 0, Buffer.alloc(6))], SIZE],
    ["an ACK that nobody waits for", [frame(FRAME.settings, FLAG.ack, 0)], ["served", WRONG]],
    ["a SETTINGS of a stream", [frame(FRAME.settings, 0, 1)], WRONG],
    ["a SETTINGS of 3 bytes", [frame(FRAME.settings, 0, 0, Buffer.alloc(3))], SIZE],
    ["ENABLE_PUSH 2", [settings([SETTING.enablePush, 2])], WRONG],
    ["INITIAL_WINDOW_SIZE 2^31", [settings([SETTING.initialWindowSize, 2 ** 31])], FLOW],
    ["MAX_FRAME_SIZE 16,383", [settings([SETTING.maxFrameSize, 16_383])], WRONG],
    ["MAX_FRAME_SIZE 1", [settings([SETTING.maxFrameSize, 1])], WRONG],
    ["MAX_FRAME_SIZE 2^24", [settings([SETTING.maxFrameSize, 2 ** 24])], WRONG],
    ["an unknown setting", [settings([0xf0, 7], [0xffff, 2 ** 32 - 1])], "served"],
    [
      "a setting twice",
      [settings([SETTING.maxFrameSize, 2 ** 20], [SETTING.maxFrameSize, 2 ** 14])],
      "served",
    ],
    [
      "all at their ends",
      [settings([1, 0], [2, 0], [3, 0], [4, MORE], [5, 2 ** 24 - 1], [6, 2 ** 32 - 1])],
      "served",
    ],
    ["a table of 2^32 - 1 bytes", [settings([SETTING.headerTableSize, 2 ** 32 - 1])], "served"],
  ],
  "6.6 PUSH_PROMISE": [
    ["a PUSH_PROMISE", [post(1), frame(FRAME.pushPromise, 4, 1, Buffer.concat([uint32(2), BLOCK]))], WRONG],
  ],
  "6.7 PING": [
    ["an ACK that nobody waits for", [ping("12345678", FLAG.ack)], "served"],
    ["a PING of a stream", [frame(FRAME.ping, 0, 1, Buffer.alloc(8))], WRONG],
    ["a PING of 6 bytes", [frame(FRAME.ping, 0, 0, Buffer.alloc(6))], SIZE],
    ["a PING of 9 bytes", [frame(FRAME.ping, 0, 0, Buffer.alloc(9))], SIZE],
  ],
  "6.8 GOAWAY": [
    ["a GOAWAY of a stream", [frame(FRAME.goAway, 0, 1, Buffer.alloc(8))], WRONG],
    ["a GOAWAY of 4 bytes", [frame(FRAME.goAway, 0, 0, Buffer.alloc(4))], SIZE],
  ],
  "6.9 WINDOW_UPDATE": [
    ["0 of the connection", [windowUpdate(0, 0)], WRONG],
    ["0 of a stream", [post(1, "/never"), windowUpdate(1, 0)], ["reset PROTOCOL_ERROR", WRONG], 1],
    ["of 3 bytes", [frame(FRAME.windowUpdate, 0, 0, Buffer.alloc(3))], SIZE],
    ["of 3 bytes, of a stream", [post(1), frame(FRAME.windowUpdate, 0, 1, Buffer.alloc(3))], SIZE],
    ["more than 2^31 - 1 of the connection", [windowUpdate(0, MORE), windowUpdate(0, MORE)], FLOW],
    [
      "more than 2^31 - 1 of a stream",
      [post(1, "/never"), windowUpdate(1, MORE), windowUpdate(1, MORE)],
      "reset FLOW_CONTROL_ERROR",
      1,
    ],
    [
      "more than 2^31 - 1 of a stream by a SETTINGS",
      [post(1, "/never"), windowUpdate(1, MORE - 65_535), settings([SETTING.initialWindowSize, 65_536])],
      FLOW,
    ],
    ["exactly 2^31 - 1", [head(1), windowUpdate(0, MORE - 65_535)], "200", 1],
  ],
  "6.10 CONTINUATION": [
    ["a head in two", [headers(1, 1, BLOCK.subarray(0, 9)), continuation(1, BLOCK.subarray(9))], "200", 1],
    [
      "a head in three, empty ones among them",
      [
        headers(1, 1, Buffer.alloc(0)),
        continuation(1, Buffer.alloc(0), 0),
        continuation(1, BLOCK.subarray(0, 5), 0),
        continuation(1, BLOCK.subarray(5)),
      ],
      "200",
      1,
    ],
    ["after END_HEADERS", [head(1), continuation(1, BLOCK)], WRONG],
    ["after a DATA", [post(1), data(1, "x", "more"), continuation(1, BLOCK)], WRONG],
    ["of stream 0", [headers(1, 1), continuation(0, BLOCK)], WRONG],
    ["of another stream", [headers(1, 1), continuation(3, BLOCK)], WRONG],
    ["a DATA before it", [headers(0, 1), data(1, "x")], WRONG],
    ["a PING before it", [headers(1, 1), ping("12345678")], WRONG],
    ["a HEADERS before it", [headers(1, 1), head(3)], WRONG],
    ["a frame of an unknown type before it", [headers(1, 1), frame(0x16, 0, 0)], WRONG],
  ],
};

describe.each(Object.entries(SECTIONS))("RFC 9113 section %s", (_, rows) => {
  test.each(
    rows.map(([title, sends, comes, stream = 0]) => [title, sends, comes, stream] as const),
  )("%s", async (_title, sends, comes, stream) => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    expect([comes].flat()).toContain(await outcome(client, sends, stream));
    await proxy.isWell();
  });
});

describe("RFC 9113 section 3.4, the preface", () => {
  const GONE = ["closed", "reset", WRONG];
  test.each([
    ["is another", [Buffer.from("INVALID CONNECTION PREFACE\r\n\r\n"), settings()], GONE],
    ["ends wrong", [PREFACE.subarray(0, 20), Buffer.from("\n\n\n\n"), settings()], GONE],
    ["is HTTP/1", [Buffer.from("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")], GONE],
    ["has no SETTINGS behind it, but a PING", [PREFACE, ping("12345678")], GONE],
    ["has no SETTINGS behind it, but a request", [PREFACE, head(1)], GONE],
  ])("%s", async (_, sends, comes) => {
    const proxy = await http2Proxy();
    const client = await proxy.openTls({ preface: "none" });
    client.send(...sends);
    expect(comes).toContain(await client.end());
    expect(proxy.begun).toEqual([]);
    await proxy.isWell();
  });

  test("the server's begins with its SETTINGS, and each of the client's has its ACK", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    expect(await outcome(client, [settings(), settings([SETTING.maxFrameSize, 20_000])])).toBe("served");
    const { type, flags, payload } = await client.frame(FRAME.settings);
    expect(client.frames[0]).toMatchObject({ type, flags: 0, stream: 0 });
    const pairs = new Map<number, number>();
    for (let at = 0; at < payload.length; at += 6)
      pairs.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
    expect(flags).toBe(0);
    expect(pairs.get(SETTING.maxConcurrentStreams)).toBe(128);
    expect(pairs.get(SETTING.maxHeaderListSize)).toBe(65_536);
    expect(pairs.get(SETTING.enablePush) ?? 0).toBe(0);
    const acks = client.frames.filter((one) => one.type === FRAME.settings && one.flags === FLAG.ack);
    expect(acks).toHaveLength(3);
  });
});

test("a PING comes back with its bytes, before what is still to be answered (6.7)", async () => {
  const proxy = await http2Proxy();
  const client = await proxy.open();
  client.send(head(1, ask("GET", "/never")), ping("\x00\x7fabcdef"), ping("87654321"));
  const acks = await client.until("two ACKs", () => {
    const found = client.frames.filter(({ type }) => type === FRAME.ping);
    return found.length === 2 ? found : undefined;
  });
  expect(acks.map(({ flags, payload }) => [flags, payload])).toEqual([
    [FLAG.ack, Buffer.from("\x00\x7fabcdef")],
    [FLAG.ack, Buffer.from("87654321")],
  ]);
});
