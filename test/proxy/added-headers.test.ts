import { expect, test } from "vitest";
import type { Resolution } from "../../src/model/upstream.ts";
import { exchangeRaw, headLines } from "../support/raw.ts";
import { deadPort, onHead, rawUpstream, testProxy, upstreamAt } from "./support.ts";

const ADDED = [["Set-Cookie", "route=1|2; Path=/; HttpOnly"]] as const;

function resolveTo(port: number): () => Resolution {
  return () => ({ kind: "upstream", upstream: upstreamAt(port), addedHeaders: ADDED });
}

function cookies(text: string): readonly string[] {
  return headLines(text).filter((line) => line.toLowerCase().startsWith("set-cookie"));
}

test("what the choice of the upstream adds stands beside the backend's own headers of that name", async () => {
  const upstream = await rawUpstream((socket) =>
    onHead(socket, () =>
      socket.end("HTTP/1.1 200 OK\r\nSet-Cookie: own=1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
    ),
  );
  const { port } = await testProxy(upstream, { resolve: resolveTo(upstream) });
  const { text } = await exchangeRaw(port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  // Order measured on the real controller.
  expect(cookies(text)).toEqual(["Set-Cookie: route=1|2; Path=/; HttpOnly", "Set-Cookie: own=1"]);
});

test("it is there on the 502 of an upstream that is gone", async () => {
  const dead = await deadPort();
  const { port } = await testProxy(dead, { resolve: resolveTo(dead), limits: { restartMs: 0 } });
  const { text } = await exchangeRaw(port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  expect(text).toMatch(/^HTTP\/1\.1 502 /);
  expect(cookies(text)).toEqual(["Set-Cookie: route=1|2; Path=/; HttpOnly"]);
});

test("it is there on a 101", async () => {
  const upstream = await rawUpstream((socket) =>
    onHead(socket, () =>
      socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\n"),
    ),
  );
  const { port } = await testProxy(upstream, { resolve: resolveTo(upstream) });
  const { text } = await exchangeRaw(
    port,
    "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n",
  );
  expect(text).toMatch(/^HTTP\/1\.1 101 /);
  expect(cookies(text)).toEqual(["Set-Cookie: route=1|2; Path=/; HttpOnly"]);
});
