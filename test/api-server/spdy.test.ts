import { once } from "node:events";
import { connect } from "node:net";
import { constants, createDeflate, createInflate } from "node:zlib";
import { expect, test } from "vitest";
import type { ApiServer } from "../support/api-server/api-server.ts";
import { dictionary } from "../support/api-server/port-forward/spdy/dictionary.ts";
import { dataFrame, type Frame, readFrames } from "../support/api-server/port-forward/spdy/frame.ts";
import {
  FIRST_EMPTY_BLOCK,
  HeaderReader,
  NEXT_EMPTY_BLOCK,
} from "../support/api-server/port-forward/spdy/headers.ts";
import { listening, POD, started } from "./support.ts";

/** A client's header blocks: one zlib stream with the dictionary, flushed after each. */
function headerWriter(): (headers: Readonly<Record<string, string>>) => Promise<Buffer> {
  const deflate = createDeflate({ dictionary: dictionary() });
  return async (headers) => {
    const entries = Object.entries(headers);
    const texts = entries.flat().map((text) => Buffer.concat([uint32(text.length), Buffer.from(text)]));
    deflate.write(Buffer.concat([uint32(entries.length), ...texts]));
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    return deflate.read() as Buffer;
  };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function synStream(stream: number, headers: Buffer): Buffer {
  const length = 10 + headers.length;
  const head = [uint32(0x80030001), uint32(length), uint32(stream), uint32(0), Buffer.from([0, 0])];
  return Buffer.concat([...head, headers]);
}

const PING = Buffer.concat([uint32(0x80030006), uint32(4), uint32(7)]);

test("the dictionary is that of the specification: its Adler-32 is in each stream", () => {
  let [a, b] = [1, 0];
  for (const byte of dictionary()) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  expect(dictionary()).toHaveLength(1423);
  expect(((b << 16) | a) >>> 0).toBe(0xe3c6a7c2);
});

test("header blocks are read in their order", async () => {
  const write = headerWriter();
  const reader = new HeaderReader();
  expect([...(await reader.read(await write({ StreamType: "error", port: "80" })))]).toEqual([
    ["streamtype", "error"],
    ["port", "80"],
  ]);
  expect([...(await reader.read(await write({ streamtype: "data" })))]).toEqual([["streamtype", "data"]]);
  await expect(reader.read(Buffer.from("no zlib at all"))).rejects.toThrow();
  reader.close();
});

test("the constant blocks are empty ones", async () => {
  const inflate = createInflate({ dictionary: dictionary() });
  for (const block of [FIRST_EMPTY_BLOCK, NEXT_EMPTY_BLOCK, NEXT_EMPTY_BLOCK]) {
    await new Promise<void>((resolve) => inflate.write(block, () => resolve()));
    expect(inflate.read()).toEqual(Buffer.alloc(4));
  }
});

test.each([1, 3, 1000])("frames are read however they are cut (%d bytes)", async (size) => {
  const bytes = Buffer.concat([
    dataFrame(3, Buffer.from("hello"), "more"),
    PING,
    dataFrame(3, Buffer.alloc(0), "last"),
  ]);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const frames: Frame[] = [];
  for await (const frame of readFrames(pieces())) frames.push(frame);
  expect(frames).toEqual([
    { kind: "data", stream: 3, last: false, bytes: Buffer.from("hello") },
    { kind: "ping", bytes: PING },
    { kind: "data", stream: 3, last: true, bytes: Buffer.alloc(0) },
  ]);
});

/** One forwarded connection over a plain SPDY upgrade: the output of each stream, `.` at its end. */
async function forwarded(server: ApiServer, port: number): Promise<Record<string, string>> {
  const { port: serverPort } = new URL(server.url);
  const socket = connect(Number(serverPort), "127.0.0.1");
  socket.write(
    "POST /api/v1/namespaces/default/pods/web-1/portforward HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\nContent-Length: 0\r\n\r\n",
  );
  await once(socket, "readable");
  const answer = String(socket.read());
  expect(answer).toMatch(/^HTTP\/1.1 101 [\s\S]*Upgrade: SPDY\/3.1\r\n[\s\S]*portforward.k8s.io\r\n\r\n$/);
  const write = headerWriter();
  const headers = { requestid: "0", port: String(port) };
  socket.write(synStream(1, await write({ ...headers, streamtype: "error" })));
  socket.write(dataFrame(1, Buffer.alloc(0), "last"));
  socket.write(PING);
  socket.write(synStream(3, await write({ ...headers, streamtype: "data" })));
  socket.write(dataFrame(3, Buffer.from("hi"), "last"));
  const told: Record<string, string> = { ping: "", error: "", data: "" };
  for await (const frame of readFrames(socket)) {
    if (frame.kind === "ping") told.ping += "back";
    if (frame.kind !== "data") continue;
    told[frame.stream === 1 ? "error" : "data"] += `${frame.bytes}${frame.last ? "." : ""}`;
    if (told.error?.endsWith(".") && told.data?.endsWith(".")) break;
  }
  socket.destroy();
  return told;
}

test("a port-forward over bare SPDY leads to the pod, or tells why not on the error stream", async () => {
  const server = await started();
  server.apply(POD);
  const target = await listening((socket) => socket.on("data", (bytes) => socket.end(`got ${bytes}`)));
  server.servePod("default", "web-1", 8080, target);
  expect(await forwarded(server, 8080)).toEqual({ ping: "back", error: ".", data: "got hi." });
  expect(await forwarded(server, 9)).toEqual({
    ping: "back",
    error: expect.stringMatching(/^error forwarding port 9 to pod web-1, .*\.$/),
    data: ".",
  });
  await expect.poll(() => [server.running.length, server.connections]).toEqual([0, 0]);
});
