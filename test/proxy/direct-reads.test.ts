import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { contain } from "../../src/contain.ts";
import { readDirectly } from "../../src/http1/direct-reads.ts";
import { selfSigned } from "./support.ts";

/** Both ends of a connection. */
async function pair(): Promise<{ readonly client: TLSSocket; readonly served: TLSSocket }> {
  const server = createServer(selfSigned("a.test"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  const [served] = (await once(server, "secureConnection")) as [TLSSocket];
  onTestFinished(() => {
    client.destroy();
    served.destroy();
    server.close();
  });
  return { client, served };
}

test("bytes come whole and in order, whatever pauses between them, and stop for the next reader", async () => {
  const { client, served } = await pair();
  const sent = Buffer.alloc(2_000_000, "0123456789abcdefghijklmnopqrstuvwxyz");
  const parts: Buffer[] = [];
  let pauses = 0;
  const stop = readDirectly(served, (bytes) => {
    parts.push(bytes);
    if (pauses === 50) return;
    pauses++;
    served.pause();
    setImmediate(() => served.resume());
  });
  client.write(sent);
  await expect.poll(() => parts.reduce((sum, { length }) => sum + length, 0)).toBe(sent.length);
  expect(Buffer.concat(parts).equals(sent)).toBe(true);
  expect(pauses).toBe(50);

  stop();
  const next = once(served, "data");
  client.end("more");
  expect(String((await next)[0])).toBe("more");
  await once(served, "end");
  expect(Buffer.concat(parts).length).toBe(sent.length);
});

test("what a reader throws is given to what contains its socket, and the next bytes are read", async () => {
  const { client, served } = await pair();
  const caught: unknown[] = [];
  const read: string[] = [];
  contain(served, (fault) => caught.push(fault));
  readDirectly(served, (bytes) => {
    read.push(String(bytes));
    if (read.length === 1) throw new Error("of the reader");
  });
  client.write("one");
  await expect.poll(() => caught).toEqual([new Error("of the reader")]);
  client.write("two");
  await expect.poll(() => read).toEqual(["one", "two"]);
});
