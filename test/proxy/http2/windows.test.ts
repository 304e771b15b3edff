import { describe, expect, test } from "vitest";
import { data, FRAME, SETTING, settings, windowUpdate } from "../../support/http2-raw/frames.ts";
import type { Http2Raw } from "../../support/http2-raw.ts";
import { ask, head, http2Proxy, outcome, pattern, post } from "./support.ts";

const { initialWindowSize, maxFrameSize } = SETTING;
const big = (bytes: number, stream = 1) => head(stream, ask("GET", `/big?${bytes}`));

/** Byte by byte would take seconds. */
function isPattern({ body }: { readonly body: Buffer }, bytes: number): boolean {
  return body.equals(pattern(bytes));
}

/** Bytes of DATA so far, on one stream or all. */
function received(client: Http2Raw, stream?: number): number {
  const own = client.frames.filter((one) => one.type === FRAME.data && (one.stream === stream || !stream));
  return own.reduce((sum, { payload }) => sum + payload.length, 0);
}

/** Waits for exactly so many bytes, and that an answer later there are no more. */
async function stalls(client: Http2Raw, bytes: number, stream?: number): Promise<void> {
  await client.until(`${bytes} bytes`, () => received(client, stream) >= bytes || undefined);
  expect(await outcome(client, [], 0)).toBe("served");
  expect(received(client, stream)).toBe(bytes);
}

describe("an answer keeps to the client's windows (RFC 9113 section 6.9)", () => {
  const kept = { windows: "kept" } as const;

  test("without a window there is the head alone", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ ...kept, settings: [[initialWindowSize, 0]] });
    client.send(big(5));
    expect((await client.frame(FRAME.headers, 1)).fields?.[0]).toEqual([":status", "200"]);
    client.send(windowUpdate(1, 3));
    await client.until("3 bytes", () => received(client, 1) === 3 || undefined);
    client.send(windowUpdate(1, 2));
    expect(isPattern(await client.answer(1), 5)).toBe(true);
  });

  test.each(["/status?204", "/status?304", "/big?0"])("%s needs no window", async (path) => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ ...kept, settings: [[initialWindowSize, 0]] });
    client.head(1, ask("GET", path));
    client.head(3, ask("HEAD", "/big?100"));
    expect(await client.answer(1)).toMatchObject({ body: Buffer.alloc(0), reset: undefined });
    expect(await client.answer(3)).toMatchObject({ status: 200, body: Buffer.alloc(0), reset: undefined });
  });

  test("byte by byte", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ ...kept, settings: [[initialWindowSize, 1]] });
    client.send(big(40));
    for (let bytes = 1; bytes <= 40; bytes++) {
      await client.until(`byte ${bytes}`, () => received(client) === bytes || undefined);
      client.send(windowUpdate(1, 1));
    }
    expect(isPattern(await client.answer(1), 40)).toBe(true);
    const sizes = client.frames
      .filter(({ type }) => type === FRAME.data)
      .map(({ payload }) => payload.length);
    expect(Math.max(...sizes)).toBe(1);
  });

  test("the connection's is for all streams together", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ ...kept, settings: [[initialWindowSize, 2 ** 20]] });
    client.send(big(60_000), big(60_000, 3));
    await client.until("the whole window", () => received(client) >= 65_535 || undefined);
    client.send(windowUpdate(0, 1));
    await client.until("one byte more", () => received(client) >= 65_536 || undefined);
    expect(received(client)).toBe(65_536);
    client.send(windowUpdate(0, 100_000));
    expect(isPattern(await client.answer(1), 60_000)).toBe(true);
    expect(isPattern(await client.answer(3), 60_000)).toBe(true);
  });

  test("one stream without a window holds up no other", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ ...kept, settings: [[initialWindowSize, 100]] });
    client.send(windowUpdate(0, 2 ** 20), big(1_000));
    await stalls(client, 100, 1);
    client.send(big(300_000, 2_001), windowUpdate(2_001, 300_000));
    expect(isPattern(await client.answer(2_001), 300_000)).toBe(true);
    expect(received(client, 1)).toBe(100);
  });

  test("a SETTINGS under way widens all of them", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ ...kept, settings: [[initialWindowSize, 10]] });
    client.send(big(50), big(50, 3));
    await client.until(
      "10 bytes each",
      () => (received(client, 1) === 10 && received(client, 3) === 10) || undefined,
    );
    client.send(settings([initialWindowSize, 30]));
    await client.until(
      "30 bytes each",
      () => (received(client, 1) === 30 && received(client, 3) === 30) || undefined,
    );
    client.send(settings([initialWindowSize, 60]));
    for (const stream of [1, 3]) expect(isPattern(await client.answer(stream), 50)).toBe(true);
  });

  test("a SETTINGS under way may make it negative (6.9.2)", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ ...kept, settings: [[initialWindowSize, 1_000]] });
    client.send(big(2_000));
    await stalls(client, 1_000, 1);
    client.send(settings([initialWindowSize, 100]), windowUpdate(1, 900));
    await stalls(client, 1_000, 1);
    client.send(windowUpdate(1, 7));
    await stalls(client, 1_007, 1);
    client.send(windowUpdate(1, 10_000));
    expect(isPattern(await client.answer(1), 2_000)).toBe(true);
  });

  test.each([
    ["16,384 without a word", [], 16_384],
    ["what MAX_FRAME_SIZE says", [[maxFrameSize, 40_000]] as const, 40_000],
  ])("no frame is larger than %s", async (_, first, most) => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ settings: [[initialWindowSize, 2 ** 20], ...first] });
    client.send(windowUpdate(0, 2 ** 24), big(500_000));
    expect(isPattern(await client.answer(1), 500_000)).toBe(true);
    expect(Math.max(...client.frames.map(({ payload }) => payload.length))).toBeLessThanOrEqual(most);
  });

  test("a smaller MAX_FRAME_SIZE counts from its ACK on", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open({
      settings: [
        [initialWindowSize, 2 ** 20],
        [maxFrameSize, 40_000],
      ],
    });
    client.send(windowUpdate(0, 2 ** 24), settings([maxFrameSize, 16_384]));
    await client.until("two ACKs", () => {
      const acks = client.frames.filter(({ type, flags }) => type === FRAME.settings && flags === 1);
      return acks.length === 2 || undefined;
    });
    client.send(big(200_000));
    expect(isPattern(await client.answer(1), 200_000)).toBe(true);
    expect(Math.max(...client.frames.map(({ payload }) => payload.length))).toBeLessThanOrEqual(16_384);
  });
});

describe("a body keeps to the server's windows", () => {
  test("1 MB goes through", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    client.send(post(1));
    await client.upload(1, pattern(2 ** 20));
    expect((await client.answer(1)).body.equals(pattern(2 ** 20))).toBe(true);
  });

  test("one that nobody reads holds up no other", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    client.send(post(1, "/unread"), post(3));
    const stalled = client.upload(1, Buffer.alloc(64 * 2 ** 20)).catch(() => "stalled");
    await client.upload(3, pattern(4 * 2 ** 20));
    expect((await client.answer(3)).body.equals(pattern(4 * 2 ** 20))).toBe(true);
    client.socket.destroy();
    expect(await stalled).toBe("stalled");
    await proxy.isWell();
  });

  test("more than they allow is an error, and not kept", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    client.send(post(1, "/unread"));
    const piece = data(1, Buffer.alloc(16_384), "more");
    // More than the backend's socket takes.
    for (let bytes = 0; bytes < 48 * 2 ** 20 && client.ended() === undefined; bytes += 64 * 16_384) {
      client.send(...Array(64).fill(piece));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(["reset FLOW_CONTROL_ERROR", "GOAWAY FLOW_CONTROL_ERROR"]).toContain(await outcome(client, [], 1));
    await proxy.isWell();
  });

  test("padding counts, and becomes window again", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    client.send(post(1));
    const wide = Buffer.concat([Buffer.from([255]), Buffer.from("x"), Buffer.alloc(255)]);
    const frame = Buffer.concat([Buffer.from([0, 1, 1, 0, 8, 0, 0, 0, 1]), wide]);
    // 257 bytes each: four times the window.
    let room = 65_535;
    let seen = 0;
    for (let sent = 0; sent < 1_024; sent++) {
      room -= 257;
      client.send(frame);
      if (room >= 257) continue;
      await client.until("a WINDOW_UPDATE", () => {
        const updates = client.frames.filter((one) => one.type === FRAME.windowUpdate && one.stream === 1);
        for (const { payload } of updates.slice(seen)) room += payload.readUInt32BE(0);
        seen = updates.length;
        return room >= 257 || undefined;
      });
    }
    client.send(data(1, ""));
    expect(String((await client.answer(1)).body)).toBe("x".repeat(1_024));
  });

  test("what comes for a stream that is over becomes window of the connection again", async () => {
    const proxy = await http2Proxy({ decide: () => ({ kind: "respond", status: 404, why: [] }) });
    const client = await proxy.open();
    // As a client that learns late of each answer; 100 windows of a connection that had the default.
    for (let stream = 1; stream < 200; stream += 2) {
      client.send(post(stream));
      const late = client.upload(stream, Buffer.alloc(65_000));
      expect((await client.answer(stream)).status).toBe(404);
      await late;
    }
    client.head(1_001, ask());
    expect(await client.answer(1_001)).toMatchObject({ status: 404 });
  });
});

describe.each([
  ["with the default windows", []],
  ["with windows of 700 bytes", [[initialWindowSize, 700]] as const],
])("100 streams at once, %s", (_, first) => {
  test.each(["at once", "slowly"])("give each its own bytes, both ways; read %s", async (reads) => {
    const proxy = await http2Proxy();
    const client = await proxy.open({ settings: first });
    const bodies = new Map<number, Buffer>();
    for (let i = 0; i < 100; i++) bodies.set(2 * i + 1, pattern(i % 20 === 0 ? 2 ** 20 : 20_000 + i * 97, i));
    if (reads === "slowly")
      client.socket.on("data", () => {
        client.socket.pause();
        setImmediate(() => client.socket.resume());
      });
    client.send(...[...bodies.keys()].map((stream) => post(stream)));
    const sent = [...bodies].map(([stream, body]) => client.upload(stream, body));
    for (const [stream, body] of bodies) {
      const { status, body: echoed } = await client.answer(stream);
      expect([stream, status, echoed.equals(body)]).toEqual([stream, 200, true]);
    }
    await Promise.all(sent);
    await proxy.isWell();
  });
});
