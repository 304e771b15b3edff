import { once } from "node:events";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createEchoService, type EchoPod, type EchoService } from "../../src/upstream/echo.ts";

const POD: EchoPod = { namespace: "default", service: "chat", pod: "chat-0", port: 80 };

let echo: EchoService;
beforeAll(() => {
  echo = createEchoService();
});
afterAll(() => echo.close());

/** A real WebSocket client over an echo connection. */
async function connect(protocols: string[] = []): Promise<{ socket: WebSocket; connection: Duplex }> {
  const connection = await echo.open(POD);
  // ws requires a Socket but uses only Duplex methods.
  const socket = new WebSocket("ws://chat.test/live", protocols, {
    createConnection: () => connection as never,
  });
  await once(socket, "open");
  return { socket, connection };
}

describe("messages come back", () => {
  test.each([
    ["text", "grüß dich", false],
    ["no text", "", false],
    ["binary", Buffer.from([0, 255, 128]), true],
    ["10 MB", Buffer.alloc(10_000_000, 7), true],
  ])("%s", async (_what, message, binary) => {
    const { socket } = await connect();
    socket.send(message);
    const [received, isBinary] = await once(socket, "message");
    expect(Buffer.from(message).equals(received)).toBe(true);
    expect(isBinary).toBe(binary);
    socket.terminate();
  });

  test("in order, whole where they were sent in fragments, while pings are answered", async () => {
    const { socket } = await connect();
    const received: string[] = [];
    socket.on("message", (message) => received.push(String(message)));
    socket.send("one");
    socket.send("tw", { fin: false });
    socket.ping("still there?");
    socket.send("o", { fin: true });
    socket.send("three");
    const [pong] = await once(socket, "pong");
    while (received.length < 3) await once(socket, "message");
    expect(received).toEqual(["one", "two", "three"]);
    expect(String(pong)).toBe("still there?");
    socket.terminate();
  });

  test("a client that does not read is not read from", async () => {
    const { socket, connection } = await connect();
    connection.pause();
    const sent = new Set<number>();
    for (let at = 0; at < 64; at++) socket.send(Buffer.alloc(1_000_000), () => sent.add(at));
    let before = -1;
    while (sent.size !== before) {
      before = sent.size;
      for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    }
    expect(sent.size).toBeLessThan(16);
    let received = 0;
    socket.on("message", () => received++);
    connection.resume();
    while (received < 64) await once(socket, "message");
    socket.terminate();
  });
});

test.each([
  [1000, ""],
  [4001, "go away"],
  [1005, ""],
])("a close with %i comes back so", async (code, reason) => {
  const { socket } = await connect();
  if (code === 1005) socket.close();
  else socket.close(code, reason);
  const [closedBy, why] = await once(socket, "close");
  expect([closedBy, String(why)]).toEqual([code, reason]);
});

test("the first subprotocol is taken, as browsers demand that one is", async () => {
  const { socket } = await connect(["graphql-ws", "chat"]);
  expect(socket.protocol).toBe("graphql-ws");
  socket.terminate();
});

test("a bad frame closes that connection alone, with 1002", async () => {
  const { socket: good } = await connect();
  const { socket, connection } = await connect();
  connection.write(Buffer.from([0xff, 0x80, 0, 0, 0, 0]));
  const [code] = await once(socket, "close");
  expect(code).toBe(1002);
  good.send("still here");
  expect(String((await once(good, "message"))[0])).toBe("still here");
  good.terminate();
});

test("clients that vanish in the handshake leave nothing behind", async () => {
  const handshake =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  for (let turn = 0; turn < 100; turn++) {
    const connection = await echo.open(POD);
    connection.write(handshake);
    connection.destroy();
  }
  const { socket } = await connect();
  socket.terminate();
});

test("a refused handshake answers the client's own error", async () => {
  const connection = await echo.open(POD);
  connection.write("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\n");
  const answer = Buffer.concat(await connection.toArray()).toString();
  expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/);
  expect(answer).toMatch(/\r\nUpgrade: websocket\r\n/);
});
