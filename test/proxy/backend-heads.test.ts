import { connect as connectHttp2 } from "node:http2";
import { describe, expect, test } from "vitest";
import { bodyOf, exchangeRaw, headLines, openRaw } from "../support/raw.ts";
import { onHead, rawUpstream, testProxy } from "./support.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

/** Status and body by HTTP/2; rejects if the stream breaks. */
function askHttp2(port: number): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, {
      rejectUnauthorized: false,
      servername: "a.test",
    });
    session.on("error", reject);
    const stream = session.request({ ":path": "/", ":authority": "a.test" });
    let status = 0;
    let body = "";
    stream.on("response", (headers) => {
      status = Number(headers[":status"]);
    });
    stream.setEncoding("latin1").on("data", (text: string) => {
      body += text;
    });
    stream.on("error", reject).on("end", () => {
      session.destroy();
      resolve({ status, body });
    });
    stream.end();
  });
}

describe("a head of a backend that Node does not send by HTTP/2 is 502, after one try, with its page", () => {
  const lines = ["X-Own: \x1b[31m", "X-Own: a\x7fb", "X(Own): a", "X-\xe9: a", "<html>", "Trailer: a\x01"];
  test.each(
    lines.flatMap((line) => [200, 204, 304].map((status) => [status, line] as const)),
  )("%i, %j", async (status, line) => {
    let asked = 0;
    const backend = await rawUpstream((socket) =>
      onHead(socket, () => {
        asked++;
        const body = status === 200 ? "hello" : "";
        socket.write(`HTTP/1.1 ${status} Odd\r\n${line}\r\nContent-Length: 5\r\n\r\n${body}`, "latin1");
      }),
    );
    const { proxy } = await testProxy(backend, { exact: "exact" });
    const answer = await askHttp2(proxy.https.port);
    expect([answer.status, answer.body.length, asked]).toEqual([502, 150, 1]);
  });
});

test("a head that goes out before its body is Latin-1, as one that goes with it", async () => {
  const head = "HTTP/1.1 200 d\xe9j\xe0\r\nX-Own: \xfcber\r\nContent-Length: 5\r\n\r\n";
  let late: (() => void) | undefined;
  const backend = await rawUpstream((socket) =>
    onHead(socket, () => {
      socket.write(head, "latin1");
      late = () => socket.end("hello");
    }),
  );
  const { port } = await testProxy(backend, { exact: "exact" });
  const client = await openRaw(port);
  client.send(GET);
  await client.until((text) => text.includes("\r\n\r\n"));
  late?.();
  const { text } = await client.end();
  expect(text).toMatch(/^HTTP\/1\.1 200 d\xe9j\xe0\r\n/);
  expect(headLines(text)).toContain("X-Own: \xfcber");
  expect(bodyOf(text)).toBe("hello");
});

test("a body without a length ends with its connection, and is cut off by a reset with the last bytes", async () => {
  const ends = { "/end": "0\r\n\r\n", "/reset": "" };
  const backend = await rawUpstream((socket) =>
    onHead(socket, (head) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\nhello");
      if (head.startsWith("GET /end")) socket.end();
      else socket.resetAndDestroy();
    }),
  );
  const { port } = await testProxy(backend, { exact: "exact" });
  for (const [path, last] of Object.entries(ends)) {
    const { text } = await exchangeRaw(port, GET.replace("/ ", `${path} `));
    expect(bodyOf(text), path).toBe(`5\r\nhello\r\n${last}`);
  }
});
