import { describe, expect, test } from "vitest";
import { DEFAULT_CLIENT_OPTIONS } from "../../../src/model/client-options.ts";
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
} from "../../support/http2-raw/frames.ts";
import { literals } from "../../support/http2-raw/header-block.ts";
import type { StreamAnswer } from "../../support/http2-raw.ts";
import { forwardAll } from "../support.ts";
import { ask, head, http2Proxy, outcome, pattern, post } from "./support.ts";

const named = ({ fields }: StreamAnswer, name: string) =>
  fields.filter(([own]) => own === name).map(([, value]) => value);

describe("answers without a body end with their head", () => {
  test.each([
    ["HEAD", "/big?100", 200, ["100"]],
    ["HEAD", "/never-was", 200, []],
    ["GET", "/status?204", 204, []],
    ["GET", "/status?304", 304, []],
  ])("%s %s", async (method, path, status, length) => {
    const proxy = await http2Proxy({}, (request, response) => {
      const number = Number(request.url?.split("?")[1] ?? 0);
      if (number > 200) response.writeHead(number).end();
      else if (number > 0) response.setHeader("Content-Length", number).end();
      else response.end();
    });
    const client = await proxy.open();
    client.head(1, ask(method, path));
    const answer = await client.answer(1);
    expect(answer).toMatchObject({ status, body: Buffer.alloc(0), reset: undefined, trailers: undefined });
    if (length.length > 0) expect(named(answer, "content-length")).toEqual(length);
    await proxy.isWell();
  });
});

test("names are in lower case, and none is about a connection (8.2)", async () => {
  const proxy = await http2Proxy({}, (_, response) => {
    response.writeHead(200, {
      "X-Mixed": "1",
      Connection: "keep-alive, X-Gone",
      "Keep-Alive": "timeout=5",
      "Set-Cookie": ["a=1", "b=2"],
    });
    response.end("ok");
  });
  const client = await proxy.open();
  client.head(1, ask());
  const answer = await client.answer(1);
  expect(answer.fields[0]).toEqual([":status", "200"]);
  for (const [name] of answer.fields) expect(name).toBe(name.toLowerCase());
  const names = answer.fields.map(([name]) => name);
  for (const name of ["connection", "keep-alive", "transfer-encoding", "upgrade"])
    expect(names).not.toContain(name);
  expect(named(answer, "x-mixed")).toEqual(["1"]);
  expect(named(answer, "set-cookie")).toEqual(["a=1", "b=2"]);
  expect(named(answer, "date")).toHaveLength(1);
});

test("a head of 40 kB comes in frames of 16,384 bytes at most", async () => {
  const value = "v".repeat(4_000);
  const buffers = { responseHeadBytes: 131_072, request: "gathered" } as const;
  const proxy = await http2Proxy({ decide: forwardAll({ buffers }) }, (_, response) => {
    for (let i = 0; i < 10; i++) response.setHeader(`x-${i}`, `${i}${value}`);
    response.end("ok");
  });
  const client = await proxy.open();
  client.head(1, ask());
  const answer = await client.answer(1);
  expect([answer.status, String(answer.body)]).toEqual([200, "ok"]);
  for (let i = 0; i < 10; i++) expect(named(answer, `x-${i}`)).toEqual([`${i}${value}`]);
  for (const { payload } of client.frames) expect(payload.length).toBeLessThanOrEqual(16_384);
});

test.each([
  ["is of 0 bytes", [0]],
  ["was of 0 bytes for a moment", [0, 4_096]],
])("a client whose header table %s is told so, and gets nothing out of it (RFC 7541 section 4.2)", async (_, sizes) => {
  const proxy = await http2Proxy();
  const client = await proxy.open();
  client.head(1, ask());
  await client.answer(1);
  client.send(settings(...sizes.map((size) => [SETTING.headerTableSize, size] as const)), ping("12345678"));
  await client.frame(FRAME.ping);
  const before = client.frames.length;
  // The reader of the test knows no entry from then on.
  for (const stream of [3, 5]) client.head(stream, ask());
  for (const stream of [3, 5]) expect(await client.answer(stream)).toMatchObject({ status: 200 });
  const next = client.frames.slice(before).find(({ type }) => type === FRAME.headers);
  expect(next?.payload[0]).toBe(0x20);
});

test("keep-alive-requests: no request is lost that the last GOAWAY counts (6.8)", async () => {
  const proxy = await http2Proxy({
    client: () => ({ ...DEFAULT_CLIENT_OPTIONS, keepAliveRequests: 3 }),
  });
  const client = await proxy.open();
  const streams = [1, 3, 5, 7, 9];
  for (const stream of streams) client.head(stream, ask("GET", `/${stream}`));
  expect(await client.end()).toBe("GOAWAY NO_ERROR");
  const last = client.frames.findLast(({ type }) => type === FRAME.goAway)?.payload.readUInt32BE(0) ?? 0;
  expect(last).toBeGreaterThanOrEqual(5);
  for (const stream of streams) {
    expect((await client.answer(stream)).status).toBe(stream <= last ? 200 : 0);
    expect(proxy.begun.some(({ url }) => url === `/${stream}`)).toBe(stream <= last);
  }
  await proxy.isWell();
});

describe("Expect: 100-continue (8.1)", () => {
  test("the body is asked for before it comes", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    client.send(post(1, "/echo", [["expect", "100-continue"]]));
    expect((await client.frame(FRAME.headers, 1)).fields?.[0]).toEqual([":status", "100"]);
    client.send(data(1, "body"));
    expect(await client.answer(1)).toMatchObject({ early: [100], status: 200, body: Buffer.from("body") });
  });

  test("not if nobody wants it", async () => {
    const proxy = await http2Proxy({ decide: () => ({ kind: "respond", status: 404, why: [] }) });
    const client = await proxy.open();
    client.send(post(1, "/echo", [["expect", "100-continue"]]));
    expect(await client.answer(1)).toMatchObject({ early: [], status: 404 });
  });
});

test("an answer before its body's end cancels the rest without an error, or reads it (8.1)", async () => {
  const proxy = await http2Proxy({ decide: () => ({ kind: "respond", status: 404, why: [] }) });
  const client = await proxy.open();
  client.send(post(1), data(1, "x", "more"));
  expect(await client.answer(1)).toMatchObject({ status: 404 });
  const sent = client.upload(1, Buffer.alloc(300_000));
  const reset = await Promise.race([sent, client.frame(FRAME.rstStream, 1)]);
  if (reset !== undefined) expect(reset.payload).toEqual(uint32(0));
  client.send(data(1, "late", "more"), head(3));
  expect(await client.answer(3)).toMatchObject({ status: 404 });
  client.socket.destroy();
  await sent.catch(() => undefined);
});

test("behind a client's GOAWAY what is open is answered, and the connection ends (6.8)", async () => {
  const proxy = await http2Proxy();
  const client = await proxy.open();
  client.send(post(1), frame(FRAME.goAway, 0, 0, Buffer.alloc(8)), data(1, "body"));
  expect(await client.answer(1)).toMatchObject({ status: 200, body: Buffer.from("body") });
  expect(["closed", "GOAWAY NO_ERROR"]).toContain(await client.end());
  await proxy.isWell();
});

test("a proxy that stops answers what is open, says GOAWAY, and ends", async () => {
  const proxy = await http2Proxy();
  const client = await proxy.open();
  client.send(post(1, "/echo", [["expect", "100-continue"]]));
  await client.frame(FRAME.headers, 1);
  const closed = proxy.proxy.close(20_000);
  client.send(data(1, "body"));
  expect(await client.answer(1)).toMatchObject({ status: 200, body: Buffer.from("body") });
  expect(await client.end()).toBe("GOAWAY NO_ERROR");
  await closed;
});

test("streams over MAX_CONCURRENT_STREAMS are refused, and reach no backend (5.1.2)", async () => {
  const proxy = await http2Proxy();
  const client = await proxy.open();
  // Its ACK makes the limit count.
  await client.frame(FRAME.settings);
  expect(await outcome(client, [])).toBe("served");
  const streams = Array.from({ length: 130 }, (_, i) => 2_001 + 2 * i);
  client.send(...streams.map((stream) => post(stream, `/never/${stream}`)));
  for (const stream of streams.slice(128))
    expect(await client.answer(stream)).toMatchObject({ status: 0, reset: "REFUSED_STREAM" });
  client.send(rstStream(2_001, 8), ping("12345678"), head(3_001));
  expect(await client.answer(3_001)).toMatchObject({ status: 200 });
  const asked = new Set(proxy.begun.map(({ url }) => url));
  for (const stream of streams.slice(128)) expect(asked).not.toContain(`/never/${stream}`);
  await proxy.isWell();
});

describe("a conversation means the same however it is cut", () => {
  const block = literals(
    ask("POST", "/echo", [
      ["x-a", "1"],
      ["cookie", "a=1"],
      ["cookie", "b=2"],
    ]),
  );
  const conversation = Buffer.concat([
    ...[PREFACE, settings([4, 100_000], [5, 20_000]), ping("12345678")],
    ...[
      frame(FRAME.headers, FLAG.padded, 1, padded(block.subarray(0, 20), 9)),
      frame(FRAME.continuation, 4, 1, block.subarray(20)),
    ],
    ...[head(3), data(1, "one ", "more"), frame(FRAME.data, FLAG.padded, 1, padded("two ", 30))],
    ...[frame(0x16, 0, 0, Buffer.alloc(30)), post(5), data(5, pattern(30), "more"), post(7), data(7, "")],
    ...[frame(FRAME.priority, 0, 9, Buffer.alloc(5)), data(1, "three"), head(5, [["x-t", "1"]])],
    ...[head(11, ask("GET", "bad")), head(13, ask("GET", "/big?50"))],
  ]);
  const STREAMS = [1, 3, 5, 7, 11, 13];
  const WHOLE = [
    ...["GET /", "GET /big?50", "GET /well", "POST /echo", "POST /echo one two three"],
    `POST /echo ${pattern(30).toString("latin1")}`.trimEnd(),
  ].toSorted();

  async function held(cut: (bytes: Buffer) => readonly Buffer[]): Promise<unknown[]> {
    const proxy = await http2Proxy();
    const client = await proxy.open({ preface: "none", acks: "none", windows: "kept" });
    for (const piece of cut(conversation)) {
      client.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answers: string[] = [];
    for (const stream of STREAMS) {
      const { status, reset, fields, body } = await client.answer(stream);
      const others = fields.filter(([name]) => name !== "date");
      answers.push([stream, status, reset, others.join(), body.toString("latin1")].join(" "));
    }
    await proxy.isWell();
    return [client.ended(), answers, proxy.whole.toSorted()];
  }

  const every = (size: number) => (bytes: Buffer) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );

  test.each([1, 2, 7, 9, 10, 64])("in pieces of %i bytes", async (size) => {
    const whole = await held((bytes) => [bytes]);
    expect(whole[2]).toEqual(WHOLE);
    expect(await held(every(size))).toEqual(whole);
  });

  test("in a frame's head and its payload", async () => {
    const whole = await held((bytes) => [bytes]);
    const atFrames = (bytes: Buffer) => {
      const pieces = [bytes.subarray(0, PREFACE.length)];
      for (let at = PREFACE.length; at < bytes.length; ) {
        const size = bytes.readUIntBE(at, 3);
        pieces.push(bytes.subarray(at, at + 9), bytes.subarray(at + 9, at + 9 + size));
        at += 9 + size;
      }
      return pieces;
    };
    expect(await held(atFrames)).toEqual(whole);
  });
});

test("by TLS it is the same", async () => {
  const proxy = await http2Proxy();
  const client = await proxy.openTls();
  client.send(post(1), head(3, ask("GET", "/big?70000")));
  await client.upload(1, pattern(200_000));
  expect((await client.answer(1)).body.equals(pattern(200_000))).toBe(true);
  expect((await client.answer(3)).body.equals(pattern(70_000))).toBe(true);
  expect((await proxy.hit(2))[0]).toMatchObject({ scheme: "https", host: "a.test" });
  expect(await outcome(client, [data(9, "x")])).toBe("GOAWAY PROTOCOL_ERROR");
  await proxy.isWell();
});
