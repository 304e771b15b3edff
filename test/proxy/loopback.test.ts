import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, getDefaultAutoSelectFamilyAttemptTimeout } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connectTo } from "../../src/proxy/connect/connect.ts";
import { lookupFor } from "../../src/proxy/connect/loopback.ts";
import { parseTarget } from "../../src/upstream/target.ts";
import { bodyOf, exchangeRaw, statusOf } from "../support/raw.ts";
import { deadPort, testProxy, upstreamAt } from "./support.ts";

test.each(["localhost", "LOCALHOST.", "app.localhost"])("%s is both loopback addresses", (name) => {
  const found: unknown[] = [];
  lookupFor(name)?.(name, { all: true }, (_, addresses) => found.push(addresses));
  expect(found).toEqual([
    [
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ],
  ]);
});

test.each(["localhost.example.com", "notlocalhost", "127.0.0.1", "::1"])("%s is looked up", (name) =>
  expect(lookupFor(name)).toBeUndefined());

/** Only the one address listens: no listener of another test has the port of the other. */
async function listensAlone(address: "127.0.0.1" | "::1"): Promise<Server> {
  const server = createServer((_, response) => response.end(address));
  server.listen(address === "::1" ? await deadPort() : 0, address);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return server;
}

test.each(["127.0.0.1", "::1"] as const)("a bare PORT reaches what listens on %s alone", async (address) => {
  const server = await listensAlone(address);
  const target = parseTarget(String((server.address() as AddressInfo).port));
  if (typeof target === "string") throw new Error(target);
  const { host, port } = target;
  const proxy = await testProxy(upstreamAt(port, { connection: { kind: "tcp", host, port } }));
  const { text } = await exchangeRaw(
    proxy.port,
    "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n",
  );
  expect([statusOf(text), bodyOf(text)]).toEqual([200, address]);
});

test("a stalled process still connects to the first address that listens", async () => {
  const server = await listensAlone("127.0.0.1");
  const { port } = server.address() as AddressInfo;
  const upstream = upstreamAt(port, { connection: { kind: "tcp", host: "localhost", port } });
  const connected = new Promise<unknown>((done) =>
    connectTo(upstream, 60_000, (error, stream) => done(error ?? stream?.destroy()), done),
  );
  // Behind the lookup, and longer than Node.js gives an address by itself.
  setImmediate(() => {
    const until = performance.now() + 2 * getDefaultAutoSelectFamilyAttemptTimeout();
    while (performance.now() < until);
  });
  expect(await connected).not.toBeInstanceOf(Error);
});

test("a bare PORT where nobody listens is 502, and names the IPv4 address", async () => {
  const port = await deadPort();
  const proxy = await testProxy(upstreamAt(port, { connection: { kind: "tcp", host: "localhost", port } }));
  const { text } = await exchangeRaw(
    proxy.port,
    "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n",
  );
  expect(statusOf(text)).toBe(502);
  expect((await proxy.hit(1))[0]?.error).toBe(`connect ECONNREFUSED 127.0.0.1:${port}`);
});
