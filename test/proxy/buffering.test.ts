import { expect, test } from "vitest";
import { exchangeRaw, openRaw, statusOf } from "../support/raw.ts";
import { ingressWith, serveManifests } from "./served.ts";
import { forwardAll, onHead, rawUpstream, testProxy } from "./support.ts";

const ask = (port: number, rest = "\r\n", method = "GET") =>
  exchangeRaw(port, `${method} / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${rest}`);

/** A backend head of this size, status line and empty line included. */
const headOf = (bytes: number) =>
  rawUpstream((socket) =>
    onHead(socket, () => {
      const head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Pad: \r\n\r\n";
      socket.write(head.replace("X-Pad: ", `X-Fill: ${"x".repeat(bytes - head.length - 1)}`));
      socket.write("ok");
    }),
  );

test.each([
  [{}, 4096, 200],
  [{}, 4097, 502],
  [{ "proxy-buffer-size": "8k" }, 8192, 200],
  [{ "proxy-buffer-size": "8k" }, 8193, 502],
  [{ "proxy-buffer-size": "1024" }, 1025, 502],
])("%j: a head of %i bytes → %i (tried on nginx 1.22.1)", async (annotations, bytes, status) => {
  const { port, hit } = await serveManifests(ingressWith({ "proxy-body-size": "1m", ...annotations }), {
    web: await headOf(bytes),
  });
  expect(statusOf((await ask(port)).text)).toBe(status);
  const [told] = await hit(1);
  if (status === 502) expect(told?.error).toContain(`upstream sent too big header: ${bytes} bytes`);
});

/** A backend that reports the body's framing and content. */
const framing = () =>
  rawUpstream((socket) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (!/\r\n\r\n(?:hello|5\r\nhello\r\n0\r\n\r\n|2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n)$/.test(text)) return;
      const said = /(?:content-length|transfer-encoding): \w+/i.exec(text)?.[0].toLowerCase() ?? "none";
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${said.length}\r\n\r\n${said}`);
    });
  });

test.each([
  ["on", "content-length: 5"],
  ["off", "transfer-encoding: chunked"],
])("proxy-request-buffering: %s: a body without a length arrives with %s", async (value, said) => {
  const { port } = await serveManifests(ingressWith({ "proxy-request-buffering": value }), {
    web: await framing(),
  });
  const { text } = await ask(port, "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "POST");
  expect(text).toContain(said);
});

test.each([
  ["on", 0],
  ["off", 1],
])("proxy-request-buffering: %s: a client that breaks off within its body is asked for %i times", async (value, times) => {
  let asked = 0;
  const web = await rawUpstream((socket) =>
    onHead(socket, () => {
      asked++;
    }),
  );
  const { port, hit } = await serveManifests(ingressWith({ "proxy-request-buffering": value }), { web });
  const client = await openRaw(port);
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhe");
  if (times > 0) await expect.poll(() => asked, { timeout: 10_000 }).toBe(times);
  client.socket.destroy();
  expect(await hit(1)).toMatchObject([{ status: 400 }]);
  expect(asked).toBe(times);
});

test("proxy-request-buffering: on: a body over its limit is answered before the backend is asked", async () => {
  let asked = 0;
  const web = await rawUpstream(() => {
    asked++;
  });
  const { port } = await serveManifests(
    ingressWith({ "proxy-request-buffering": "on", "proxy-body-size": "4" }),
    { web },
  );
  const { text } = await ask(port, "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "POST");
  expect(statusOf(text)).toBe(413);
  expect(asked).toBe(0);
});

test("proxy-request-buffering: on: 100 Continue comes before the backend is asked", async () => {
  const { port } = await serveManifests(ingressWith({ "proxy-request-buffering": "on" }), {
    web: await framing(),
  });
  const client = await openRaw(port);
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  await client.until((text) => text === "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  await client.until((text) => text.includes("content-length: 5"));
  client.socket.destroy();
});

test.each([
  ["a length that is short enough", "Content-Length: 5\r\n\r\nhello", 200, "hello"],
  ["a longer length", "Content-Length: 6\r\n\r\nhello!", 502, ""],
  [
    "chunks that are short enough",
    "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    200,
    "hello",
  ],
  ["longer chunks", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 502, ""],
  ["a short body until the end", "\r\nhello", 200, "hello"],
  ["a longer body until the end", "\r\nhello!", 502, ""],
  ["an error without a body", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, ""],
])("a response of at most 5 bytes with %s", async (_, rest, status, body) => {
  const upstream = await rawUpstream((socket) =>
    onHead(socket, () => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n${rest}`)),
  );
  const { port } = await testProxy(upstream, { decide: forwardAll({ buffers: { responseBytes: 5 } }) });
  const { text } = await ask(port);
  expect(statusOf(text)).toBe(status);
  if (status === 200) expect(text.replace(/\r\n(?:\d\r\n)?/g, "")).toContain(body);
  expect(text).not.toContain("hello!");
});
