import { describe, expect, test } from "vitest";
import type { RequestFacts } from "../../src/model/decision.ts";
import { exchangeRaw, statusOf } from "../support/raw.ts";
import { forwardAll, onHead, rawUpstream, testProxy } from "./support.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const END = "Connection: close\r\n\r\n";

/** True if the request is complete, body included. */
function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1];
  if (length !== undefined) return text.length - end - 4 === Number(length);
  return !/\r\ntransfer-encoding:/i.test(text) || text.endsWith("\r\n0\r\n\r\n");
}

/** An upstream that answers once and records every byte. */
async function recording(): Promise<{ port: number; seen: () => string }> {
  let seen = "";
  const port = await rawUpstream((socket) =>
    socket.on("data", (chunk: Buffer) => {
      seen += chunk.toString("latin1");
      if (isWhole(seen)) socket.write(OK);
    }),
  );
  return { port, seen: () => seen };
}

async function heads(ask: string, exact: "exact" | "local" = "exact"): Promise<string> {
  const upstream = await recording();
  const { port } = await testProxy(upstream.port, { exact });
  const { text } = await exchangeRaw(port, ask);
  expect(statusOf(text)).toBe(200);
  return upstream.seen();
}

describe("what is written to the backend, byte for byte (tried on nginx 1.22.1)", () => {
  test("a head: what is set in the template's order, then the client's", async () => {
    const sent = await heads(
      `POST /a?b HTTP/1.1\r\nHost: a.test\r\nX-Request-ID: mine\r\nAccept: x/y\r\nX-Forwarded-For: 6.6.6.6\r\nContent-Length: 2\r\n${END}hi`,
    );
    expect(sent.split("\r\n")).toEqual([
      "POST /a?b HTTP/1.1",
      "Host: a.test",
      "X-Request-ID: mine",
      "X-Real-IP: 127.0.0.1",
      "X-Forwarded-For: 127.0.0.1",
      "X-Forwarded-Host: a.test",
      "X-Forwarded-Port: 80",
      "X-Forwarded-Proto: http",
      "X-Forwarded-Scheme: http",
      "X-Scheme: http",
      "X-Original-Forwarded-For: 6.6.6.6",
      "Content-Length: 2",
      "Accept: x/y",
      "",
      "hi",
    ]);
  });

  test.each([
    ["POST", "", undefined],
    ["PUT", "", undefined],
    ["PATCH", "", undefined],
    ["PROPFIND", "", undefined],
    ["GET", "", undefined],
    ["POST", "Content-Length: 0\r\n", "0"],
    ["GET", "Content-Length: 0\r\n", "0"],
  ])("%s with %j: the length is the client's, and none is made up", async (method, lines, length) => {
    const sent = await heads(`${method} / HTTP/1.1\r\nHost: a.test\r\n${lines}${END}`);
    expect(/\r\ncontent-length: (.*)\r\n/i.exec(sent)?.[1]).toBe(length);
    expect(sent).not.toMatch(/\r\n(?:connection|transfer-encoding):/i);
  });

  test("a HEAD, a DELETE with a body: no Connection either", async () => {
    expect(await heads(`HEAD / HTTP/1.1\r\nHost: a.test\r\n${END}`)).not.toMatch(/\r\nconnection:/i);
    const sent = await heads(`DELETE / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n${END}hi`);
    expect(sent).not.toMatch(/\r\nconnection:/i);
    expect(sent).toMatch(/\r\n\r\nhi$/);
  });

  test("chunks go on as chunks", async () => {
    const chunked = `POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n`;
    const sent = await heads(chunked, "local");
    expect(sent).toMatch(/\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/);
    expect(sent).not.toMatch(/content-length/i);
  });

  test.each([
    ["5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"],
    ["0\r\n\r\n", ""],
  ])("--exact: chunks are read to their end, and sent with their length: %j", async (chunks, body) => {
    const sent = await heads(
      `POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunks}`,
    );
    expect(sent).toMatch(new RegExp(`\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n${body}$`));
    expect(sent).not.toMatch(/transfer-encoding/i);
  });

  test("--exact: longer than what is kept of a body by default", async () => {
    const size = 1_500_000;
    const sent = await heads(
      `POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${size.toString(16)}\r\n${"x".repeat(size)}\r\n0\r\n\r\n`,
    );
    expect(sent).toContain(`\r\nContent-Length: ${size}\r\n`);
    expect(sent.length - sent.indexOf("\r\n\r\n") - 4).toBe(size);
  });

  test("proxy-request-buffering off: chunks go on as chunks with --exact too", async () => {
    const upstream = await recording();
    const buffers = { responseHeadBytes: 4096, request: "passed-on" } as const;
    const { port } = await testProxy(upstream.port, { exact: "exact", decide: forwardAll({ buffers }) });
    await exchangeRaw(
      port,
      "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    );
    expect(upstream.seen()).toMatch(/\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n$/);
  });

  test("no chunks at all are a length of 0", async () => {
    const sent = await heads(
      "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
      "local",
    );
    expect(sent).toMatch(/\r\nContent-Length: 0\r\n\r\n$/);
    expect(sent).not.toMatch(/transfer-encoding/i);
  });
});

test("what stands beside the proxy's own lines is a second line, before them or behind (measured on the real controller)", async () => {
  const upstream = await recording();
  const decide = forwardAll();
  const { port } = await testProxy(upstream.port, {
    exact: "exact",
    decide: (facts: RequestFacts) => ({
      ...decide(facts),
      requestHeaders: [["X-Scheme", "gopher"] as const, ["Authorization", ""] as const],
      besides: {
        before: [["Host", "h.test"] as const, ["X-None", ""] as const],
        behind: [["X-Real-IP", "0"] as const],
      },
    }),
  });
  await exchangeRaw(
    port,
    `GET / HTTP/1.1\r\nHost: a.test\r\nAuthorization: x\r\nX-None: 1\r\nX-Mine: 1\r\n${END}`,
  );
  const lines = upstream.seen().split("\r\n");
  expect(lines.slice(1, 3)).toEqual(["Host: h.test", "Host: a.test"]);
  expect(lines.filter((line) => line.startsWith("X-Real-IP"))).toEqual([
    "X-Real-IP: 127.0.0.1",
    "X-Real-IP: 0",
  ]);
  expect(lines.filter((line) => /^(?:X-Scheme|Authorization|X-None|X-Mine)/.test(line))).toEqual([
    "X-Scheme: gopher",
    "X-Mine: 1",
  ]);
});

test("a header that is more than a line is not sent: 502", async () => {
  const upstream = await recording();
  const decide = forwardAll();
  const { port } = await testProxy(upstream.port, {
    decide: (facts: RequestFacts) => ({
      ...decide(facts),
      requestHeaders: [["X-A", "1\r\nX-B: 2"] as const],
    }),
  });
  const { text } = await exchangeRaw(port, `GET / HTTP/1.1\r\nHost: a.test\r\n${END}`);
  expect(statusOf(text)).toBe(502);
  expect(upstream.seen()).toBe("");
});

test.each([600, 999])("a status of %i is passed on", async (status) => {
  const upstream = await rawUpstream((socket) =>
    onHead(socket, () => socket.write(`HTTP/1.1 ${status} Odd\r\nContent-Length: 2\r\n\r\nok`)),
  );
  const { port } = await testProxy(upstream);
  const { text } = await exchangeRaw(port, `GET / HTTP/1.1\r\nHost: a.test\r\n${END}`);
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} Odd\\r\\n`));
});

test("proxy-read-timeout 0: 504 at once, whatever the backend says", async () => {
  const upstream = await recording();
  const { port, hit } = await testProxy(upstream.port, { decide: forwardAll({ readTimeoutMs: 0 }) });
  const { text } = await exchangeRaw(port, `GET / HTTP/1.1\r\nHost: a.test\r\n${END}`);
  expect(statusOf(text)).toBe(504);
  expect((await hit(1))[0]?.why[0]?.text).toContain("did not answer in time");
});
