import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Guard } from "../../src/model/guard.ts";
import { reason } from "../../src/model/reason.ts";
import { bodyOf, exchangeRaw, openRaw, statusOf } from "../support/raw.ts";
import { forwardAll, httpUpstream, listeningHttp, testProxy } from "./support.ts";

/** bcrypt of cost 14 takes seconds, so other things can happen meanwhile. */
const SLOW = "$2b$14$7Vh9X1tKQvgZ1nLrUxkRNuYRHGfHj0NHWZeLVqTRO3wOvpF9uNr4i";
const WHO = `Authorization: Basic ${btoa("anna:secret")}\r\n`;

function password(hash: string): Guard {
  return {
    kind: "basic-auth",
    realm: "r",
    users: new Map([["anna", hash]]),
    why: reason("basic-auth", "auth-type"),
  };
}

function guarded(guards: readonly Guard[]) {
  return {
    decide: (facts: Parameters<ReturnType<typeof forwardAll>>[0]) => ({ ...forwardAll()(facts), guards }),
  };
}

test("a body waits for its guard, and arrives whole", async () => {
  const port = await httpUpstream(async (request, response) => {
    const hash = createHash("sha256");
    for await (const chunk of request) hash.update(chunk);
    response.end(hash.digest("hex"));
  });
  const server = await testProxy(port, guarded([password("{PLAIN}secret")]));
  const body = Buffer.alloc(3_000_000, "0123456789");
  const client = await openRaw(server.port);
  client.send(
    `POST / HTTP/1.1\r\nHost: a.test\r\n${WHO}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
  );
  client.send(body);
  const { text } = await client.end();
  expect(statusOf(text)).toBe(200);
  expect(bodyOf(text)).toContain(createHash("sha256").update(body).digest("hex"));
});

test("a body that a guard has refused is let go of, and the connection goes on", async () => {
  const server = await testProxy(
    await httpUpstream((_, response) => response.end("in")),
    guarded([password("{PLAIN}other")]),
  );
  const client = await openRaw(server.port);
  for (let i = 1; i <= 2; i++) {
    client.send(`POST / HTTP/1.1\r\nHost: a.test\r\n${WHO}Content-Length: 5\r\n\r\nhello`);
    await client.until((text) => text.split("401 Authorization Required</h1>").length === i + 1);
  }
  expect(client.text()).toContain('WWW-Authenticate: Basic realm="r"');
  client.socket.destroy();
});

test("a request that a guard refuses is told of as answered here", async () => {
  const server = await testProxy(
    await httpUpstream((_, response) => response.end()),
    guarded([password("{PLAIN}other")]),
  );
  await exchangeRaw(server.port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  const [hit] = await server.hit(1);
  expect(hit).toMatchObject({ status: 401, decision: "respond", upstreamPath: undefined });
  expect(hit?.why[0]?.text).toBe("the request has no user name and password");
});

test("a client that leaves while it is waited for is told of as 499, and its backend never asked", async () => {
  let asked = 0;
  const port = await httpUpstream((_, response) => {
    asked++;
    response.end();
  });
  const server = await testProxy(port, guarded([password(SLOW)]));
  const client = await openRaw(server.port);
  client.send(`GET / HTTP/1.1\r\nHost: a.test\r\n${WHO}\r\n`);
  client.socket.end();
  client.socket.destroy();
  expect((await server.hit(1))[0]).toMatchObject({ status: 499, error: "the client closed the connection" });
  const next = await exchangeRaw(server.port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  expect([statusOf(next.text), asked]).toEqual([401, 0]);
});

test("an upgrade is asked for a password first", async () => {
  const { server: upstream, port } = await listeningHttp(() => {});
  upstream.on("upgrade", (_, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
    socket.pipe(socket);
  });
  const server = await testProxy(port, guarded([password("{PLAIN}secret")]));
  const upgrade = (more: string) =>
    `GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: x\r\n${more}\r\n`;
  const refused = await exchangeRaw(server.port, upgrade(""));
  expect(statusOf(refused.text)).toBe(401);
  const client = await openRaw(server.port);
  client.send(upgrade(WHO));
  client.send("early bytes");
  await client.until((text) => text.startsWith("HTTP/1.1 101") && text.endsWith("early bytes"));
  client.socket.destroy();
});

test("pipelined requests are answered in order, whoever has to wait", async () => {
  const port = await httpUpstream((request, response) => response.end(`answer to ${request.url};`));
  const server = await testProxy(port, guarded([password("{PLAIN}secret")]));
  const client = await openRaw(server.port);
  const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${more}\r\n`;
  client.send(get("/1", WHO) + get("/2") + get("/3", `${WHO}Connection: close\r\n`));
  const { text } = await client.end();
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(["200", "401", "200"]);
  expect(text.indexOf("answer to /1")).toBeLessThan(text.indexOf("401 Authorization"));
  expect(text.indexOf("401 Authorization")).toBeLessThan(text.indexOf("answer to /3"));
});
