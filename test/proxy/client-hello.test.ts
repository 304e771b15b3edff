import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseHello, readHello } from "../../src/proxy/listen/client-hello.ts";

/** The first bytes of Node's own TLS client. */
async function firstBytes(servername: string | undefined): Promise<Buffer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = connectTls({ port, host: "127.0.0.1", ...(servername === undefined ? {} : { servername }) });
  client.on("error", () => {});
  const [socket] = (await once(server, "connection")) as [Socket];
  const [bytes] = (await once(socket, "data")) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

/** A ClientHello with these extensions, in records of at most `size` bytes. */
function hello(extensions: Buffer, size = 16_384): Buffer {
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    Buffer.from([0, 0, 2, 0x13, 0x01, 1, 0]),
    u16(extensions.length),
    extensions,
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const fragment = message.subarray(at, at + size);
    records.push(Buffer.concat([Buffer.from([22, 3, 1]), u16(fragment.length), fragment]));
  }
  return Buffer.concat(records);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([u16(type), u16(content.length), content]);
}

function serverName(name: Buffer | string, type = 0): Buffer {
  const bytes = typeof name === "string" ? Buffer.from(name, "latin1") : name;
  const entry = Buffer.concat([Buffer.from([type]), u16(bytes.length), bytes]);
  return extension(0, Buffer.concat([u16(entry.length), entry]));
}

const PADDING = extension(21, Buffer.alloc(300));

describe("the name in a ClientHello (RFC 6066 section 3)", () => {
  test.each([
    ["the only extension", hello(serverName("a.test")), "a.test"],
    ["behind others", hello(Buffer.concat([PADDING, serverName("a.test")])), "a.test"],
    ["in records of 20 bytes", hello(Buffer.concat([PADDING, serverName("a.test")]), 20), "a.test"],
    ["as it was sent", hello(serverName("A.Test")), "A.Test"],
    ["255 bytes", hello(serverName("a".repeat(255))), "a".repeat(255)],
    ["NUL and bytes beyond ASCII", hello(serverName("a\0\xff")), "a\0\xff"],
    ["of another type", hello(serverName("a.test", 1)), undefined],
    ["none", hello(PADDING), undefined],
    ["no extensions", hello(Buffer.alloc(0)), undefined],
    ["a list that ends too soon", hello(extension(0, Buffer.from([0, 9, 0, 0, 9, 65]))), "A"],
    ["an empty list", hello(extension(0, Buffer.alloc(0))), undefined],
    [
      "lengths beyond the end",
      Buffer.concat([Buffer.from([22, 3, 1, 0, 8, 1, 0, 0, 4, 3, 3, 9, 9])]),
      undefined,
    ],
    ["another message of the handshake", Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0]), undefined],
    [
      "another record behind half of it",
      Buffer.from([22, 3, 1, 0, 4, 1, 0, 0, 50, 23, 3, 3, 0, 0]),
      undefined,
    ],
  ])("%s", (_, bytes, servername) => {
    expect(parseHello(bytes)).toEqual({ kind: "hello", servername });
  });

  test("as Node sends it, whatever of it has come", async () => {
    const bytes = await firstBytes("shop.test");
    expect(parseHello(bytes)).toEqual({ kind: "hello", servername: "shop.test" });
    for (let length = 0; length < bytes.length; length++)
      expect(parseHello(bytes.subarray(0, length))).toEqual({ kind: "more" });
    expect(parseHello(await firstBytes(undefined))).toEqual({ kind: "hello", servername: undefined });
  });

  test.each([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["SSLv2", Buffer.from([0x80, 0x2e, 1, 3, 1])],
  ])("%s is no TLS", (_, bytes) => expect(parseHello(bytes)).toEqual({ kind: "other" }));

  test("more than 64 KiB is left to OpenSSL", () => {
    const record = Buffer.concat([Buffer.from([22, 3, 1, 0x40, 0]), Buffer.alloc(16_384, 1)]);
    const bytes = Buffer.concat([record, record, record, record]);
    expect(parseHello(bytes.subarray(0, 65_000))).toEqual({ kind: "more" });
    expect(parseHello(bytes)).toEqual({ kind: "hello", servername: undefined });
  });

  test("a random change never makes it throw", () => {
    const bytes = hello(Buffer.concat([PADDING, serverName("a.test")]), 40);
    for (let at = 0; at < bytes.length; at++)
      for (const value of [0, 1, 127, 255]) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        expect(["more", "other", "hello"]).toContain(parseHello(changed).kind);
      }
  });
});

async function socketPair(): Promise<{ client: Socket; server: Socket }> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const client = connect((listener.address() as AddressInfo).port, "127.0.0.1");
  client.on("error", () => {});
  const [server] = (await once(listener, "connection")) as [Socket];
  server.on("error", () => {});
  listener.close();
  onTestFinished(() => {
    client.destroy();
    server.destroy();
  });
  return { client, server };
}

describe("waiting for it", () => {
  test("byte by byte, and every byte is still there to be read", async () => {
    const { client, server } = await socketPair();
    const bytes = Buffer.concat([hello(serverName("a.test"), 20), Buffer.from("more")]);
    const found = new Promise((resolve) => readHello(server, 10_000, (read) => resolve(read)));
    for (const byte of bytes.subarray(0, -4)) {
      client.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect(await found).toEqual({ kind: "hello", servername: "a.test" });
    client.end(bytes.subarray(-4));
    expect(Buffer.concat(await server.toArray()).equals(bytes)).toBe(true);
  });

  test("a client that says nothing, half of it, or leaves, is let go", async () => {
    const none = () => expect.unreachable("there is no hello");
    const silent = await socketPair();
    const half = await socketPair();
    const gone = await socketPair();
    half.client.write(hello(PADDING).subarray(0, 50));
    gone.client.end(hello(PADDING).subarray(0, 50));
    readHello(silent.server, 50, none);
    readHello(half.server, 50, none);
    readHello(gone.server, 60_000, none);
    await Promise.all([silent, half, gone].map(({ server }) => once(server, "close")));
  });
});
