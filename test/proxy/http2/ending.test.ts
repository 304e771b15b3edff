import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "../../../src/model/client-options.ts";
import {
  data,
  FLAG,
  FRAME,
  type Frame,
  frame,
  ping,
  rstStream,
  windowUpdate,
} from "../../support/http2-raw/frames.ts";
import { literals } from "../../support/http2-raw/header-block.ts";
import type { Http2Raw } from "../../support/http2-raw.ts";
import { ask, head, http2Proxy, post } from "./support.ts";

const withOptions = (options: Partial<ClientOptions>) => ({
  client: () => ({ ...DEFAULT_CLIENT_OPTIONS, ...options }),
});

/** Last stream and error of each GOAWAY. */
const goaways = ({ frames }: Http2Raw): number[][] =>
  frames
    .filter(({ type }) => type === FRAME.goAway)
    .map(({ payload }) => [payload.readUInt32BE(0), payload.readUInt32BE(4)]);

const MOST_ID = 2 ** 31 - 1;

const isPong = ({ type, flags }: Frame): boolean => type === FRAME.ping && (flags & FLAG.ack) !== 0;

/** Answers `/held` once told; from then on at once. */
function holding(): { answer(): void; listener: Parameters<typeof http2Proxy>[1] } {
  let held: ServerResponse[] | undefined = [];
  return {
    answer() {
      for (const response of held ?? []) response.end("held");
      held = undefined;
    },
    listener(request, response) {
      if (request.url !== "/held") response.end("ok");
      else if (held === undefined) response.end("held");
      else held.push(response);
    },
  };
}

test.each([
  ["keep-alive-requests: 3", { keepAliveRequests: 3 }, 3],
  ["keep-alive: 0", { keepAliveMs: 0 }, 1],
])("%s: the connection says so with its last request, and ends", async (_, options, requests) => {
  const proxy = await http2Proxy(withOptions(options));
  const client = await proxy.open();
  const last = 2 * requests - 1;
  for (let stream = 1; stream <= last; stream += 2) {
    expect(goaways(client)).toEqual([]);
    client.head(stream, ask());
    expect(await client.answer(stream)).toMatchObject({ status: 200, reset: undefined });
  }
  await client.until("the end", () => (goaways(client).length === 2 ? true : undefined));
  expect(goaways(client)).toEqual([
    [MOST_ID, 0],
    [last, 0],
  ]);
  expect(await client.end()).toBe("GOAWAY NO_ERROR");
  await proxy.isWell();
});

test("what a client asks before it knows of the end is answered, and what comes behind is not (6.8)", async () => {
  const { listener, answer } = holding();
  const proxy = await http2Proxy(withOptions({ keepAliveRequests: 1 }), listener);
  const client = await proxy.open({ acks: "none" });
  client.send(head(1, ask("GET", "/held")), head(3), frame(FRAME.settings, FLAG.ack, 0));
  expect(await client.answer(3)).toMatchObject({ status: 200 });
  const ping = await client.frame(FRAME.ping);
  client.send(frame(FRAME.ping, FLAG.ack, 0, ping.payload), head(5));
  await client.until("the last stream", () => (goaways(client).length === 2 ? true : undefined));
  expect(goaways(client)).toEqual([
    [MOST_ID, 0],
    [3, 0],
  ]);
  answer();
  expect(await client.answer(1)).toMatchObject({ status: 200, body: Buffer.from("held") });
  await client.until("the connection's end", () => client.socket.readableEnded || undefined);
  expect(client.frames.some(({ stream }) => stream === 5)).toBe(false);
});

test.each([
  ["WINDOW_UPDATE", windowUpdate(3, 1)],
  ["RST_STREAM", rstStream(3, 8)],
  ["DATA", data(3, "late")],
])("a %s of a stream that came too late ends no other (6.8)", async (_, late) => {
  const { listener, answer } = holding();
  const proxy = await http2Proxy(withOptions({ keepAliveRequests: 1 }), listener);
  const client = await proxy.open({ acks: "none" });
  client.send(frame(FRAME.settings, FLAG.ack, 0), head(1, ask("GET", "/held")));
  const asked = await client.frame(FRAME.ping);
  client.send(frame(FRAME.ping, FLAG.ack, 0, asked.payload), post(3), late, ping("all read"));
  await client.until("the answer to a PING", () => client.frames.find(isPong));
  answer();
  expect(await client.answer(1)).toMatchObject({ status: 200, body: Buffer.from("held") });
  expect(await client.end()).toBe("GOAWAY NO_ERROR");
});

test("a client within a request's head hears of the end", async () => {
  const { listener, answer } = holding();
  const proxy = await http2Proxy({}, listener);
  const other = await proxy.open();
  other.send(head(1, ask("GET", "/held")), ping("all read"));
  await other.until("the answer to a PING", () => other.frames.find(isPong));
  const client = await proxy.open({ acks: "none" });
  const block = literals(ask("GET", "/held"));
  // In one piece, because nothing else may come within a head.
  client.send(ping("all read"), frame(FRAME.headers, FLAG.endStream, 1, block.subarray(0, 5)));
  await client.until("the answer to a PING", () => client.frames.find(isPong));
  const closed = proxy.proxy.close(10_000);
  await client.frame(FRAME.goAway);
  client.send(frame(FRAME.continuation, FLAG.endHeaders, 1, block.subarray(5)));
  expect(goaways(client)).toEqual([[MOST_ID, 0]]);
  answer();
  expect(await client.answer(1)).toMatchObject({ status: 200 });
  expect(await other.answer(1)).toMatchObject({ status: 200 });
  expect(await client.end()).toBe("GOAWAY NO_ERROR");
  await closed;
});

test("a client that never says that it knows has its time, and no more", async () => {
  const { listener, answer } = holding();
  const proxy = await http2Proxy(
    { ...withOptions({ keepAliveRequests: 1 }), limits: { headMs: 200 } },
    listener,
  );
  const client = await proxy.open({ acks: "none" });
  client.head(1, ask("GET", "/held"));
  await client.until("the last stream", () => (goaways(client).length === 2 ? true : undefined));
  expect(goaways(client)).toEqual([
    [MOST_ID, 0],
    [1, 0],
  ]);
  answer();
  expect(await client.answer(1)).toMatchObject({ status: 200 });
  expect(await client.end()).toBe("GOAWAY NO_ERROR");
});

test("a proxy that stops tells a client at once, and answers what it has asked", async () => {
  const { listener, answer } = holding();
  const proxy = await http2Proxy({}, listener);
  const client = await proxy.open();
  client.head(1, ask("GET", "/held"));
  client.head(3, ask());
  await client.answer(3);
  const closed = proxy.proxy.close(20_000);
  await client.until("the end in sight", () => (goaways(client).length === 2 ? true : undefined));
  answer();
  expect(await client.answer(1)).toMatchObject({ status: 200, body: Buffer.from("held") });
  await closed;
});

test("a connection without requests is told of its end", async () => {
  const proxy = await http2Proxy({ limits: { keepAliveMs: 100 } });
  const client = await proxy.open();
  client.head(1, ask());
  await client.answer(1);
  expect(await client.end()).toBe("GOAWAY NO_ERROR");
  expect(goaways(client)).toEqual([[1, 0]]);
});

test("a connection that says nothing, or half a head, ends", async () => {
  const proxy = await http2Proxy({ limits: { headMs: 100 } });
  const silent = await proxy.openTls({ preface: "none", acks: "none" });
  expect(await silent.end()).toBe("closed");
  const half = await proxy.open({ acks: "none" });
  half.send(frame(FRAME.headers, FLAG.endStream, 1, Buffer.from([0x82])));
  expect(await half.end()).toBe("closed");
  await proxy.isWell();
});

test("http2-max-concurrent-streams: what is too much is refused, and may be asked again", async () => {
  const { listener, answer } = holding();
  const proxy = await http2Proxy(withOptions({ http2Streams: 2 }), listener);
  const client = await proxy.open();
  client.send(head(1, ask("GET", "/held")), head(3, ask("GET", "/held")), head(5));
  expect(await client.answer(5)).toMatchObject({ status: 0, reset: "REFUSED_STREAM" });
  answer();
  expect(await client.answer(1)).toMatchObject({ status: 200 });
  expect(await client.answer(3)).toMatchObject({ status: 200 });
  client.head(7, ask());
  expect(await client.answer(7)).toMatchObject({ status: 200 });
});

test.each([600, 777, 999])("a backend's status %i goes on, as by nginx", async (status) => {
  const proxy = await http2Proxy({}, (_, response) => response.writeHead(status).end("odd"));
  const client = await proxy.open();
  client.head(1, ask());
  expect(await client.answer(1)).toMatchObject({ status, body: Buffer.from("odd") });
});
