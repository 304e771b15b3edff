import { expect, test } from "vitest";
import type { RequestFacts } from "../../src/model/decision.ts";
import { exchangeRaw } from "../support/raw.ts";
import { forwardAll, onHead, rawUpstream, testProxy } from "./support.ts";

/** A `Connection` annotation for every backend request. */
function withConnection(connection: "close" | "keep-alive") {
  const decide = forwardAll();
  return (facts: RequestFacts) => ({
    ...decide(facts),
    requestHeaders: [["Connection", connection] as const],
  });
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

test.each([
  ["close", 2],
  ["keep-alive", 1],
] as const)("connection-proxy-header: %s makes %i connections of two requests", async (value, connections) => {
  const heads: string[] = [];
  let opened = 0;
  const upstream = await rawUpstream((socket) => {
    opened++;
    onHead(socket, (head) => {
      heads.push(head.toLowerCase());
      socket.write(OK);
      if (value === "close") socket.end();
    });
  });
  const { port } = await testProxy(upstream, { decide: withConnection(value) });
  for (let i = 0; i < 2; i++) expect((await exchangeRaw(port, GET)).text).toContain("\r\n\r\nok");
  expect(opened).toBe(connections);
  for (const head of heads) expect(head.match(/\r\nconnection: .*/g)).toEqual([`\r\nconnection: ${value}`]);
});

test("an upgrade goes on with the Connection of the annotation: the backend does not switch", async () => {
  let asked = "";
  const upstream = await rawUpstream((socket) =>
    onHead(socket, (head) => {
      asked = head;
      socket.end(OK);
    }),
  );
  const { port } = await testProxy(upstream, { decide: withConnection("keep-alive") });
  const { text } = await exchangeRaw(
    port,
    "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  expect(text).toContain("HTTP/1.1 200 OK");
  expect(asked).toContain("\r\nUpgrade: websocket\r\n");
  expect(asked.match(/\r\nConnection: .*/g)).toEqual(["\r\nConnection: keep-alive"]);
});
