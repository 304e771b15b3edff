import { describe, expect, test } from "vitest";
import { bodyOf, exchangeRaw, statusOf } from "../support/raw.ts";
import { httpUpstream, testProxy } from "./support.ts";

/** Answers with the received request line, one char per byte. */
async function echoLine(): Promise<number> {
  return httpUpstream((request, response) => {
    response.setHeader("Content-Type", "text/plain");
    response.end(Buffer.from(`${request.method} ${request.url} host=${request.headers.host}`, "latin1"));
  });
}

const CLOSE = "Connection: close\r\n";
const HOST = "Host: a.test\r\n";

describe("request line and Host (faults.md, section 2)", () => {
  test.each([
    // what the client sends                                      status  why
    ["H1", "GET / HTTP/1.1\r\n\r\n", 400],
    ["H3 two hosts", `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, 400],
    ["H4 slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400],
    ["H4 space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400],
    ["H4 empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400],
    ["H4 control byte", "GET / HTTP/1.1\r\nHost: a\x01b\r\n\r\n", 400],
    ["H9", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 400],
    ["H10", "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n", 400],
    ["H10 with a path", `CONNECT /x HTTP/1.1\r\n${HOST}\r\n`, 405],
    ["H11", `TRACE / HTTP/1.1\r\n${HOST}${CLOSE}\r\n`, 405],
    ["H12 small letters", `get / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ["HTTP/2.0 in clear", `GET / HTTP/2.0\r\n${HOST}\r\n`, 505],
    ["H20 target", `GET /${"a".repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 414],
    ["H20 header", `GET / HTTP/1.1\r\n${HOST}X: ${"a".repeat(20_000)}\r\n\r\n`, 400],
    ["H20 8,000 headers", `GET / HTTP/1.1\r\n${HOST}${"a: b\r\n".repeat(8_000)}\r\n`, 400],
    ["F1 length and encoding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400],
    [
      "F1 two encodings",
      post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
      400,
    ],
    ["F1 two lengths", post("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400],
    ["F1 +5", post("Content-Length: +5\r\n", "aaaaa"), 400],
    ["F1 empty length", post("Content-Length: \r\n", "aaaaa"), 400],
    ["F1 xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501],
    ["F1 gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501],
    ["F1 HTTP/1.0", `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ["F3 folded", `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 400],
    ["F3 space before colon", `GET / HTTP/1.1\r\n${HOST}X : a\r\n\r\n`, 400],
    ["F3 bare CR", `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`, 400],
    ["F3 NUL", `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 400],
    ["F3 no name", `GET / HTTP/1.1\r\n${HOST}: a\r\n\r\n`, 400],
    ["F3 leading space", `GET / HTTP/1.1\r\n ${HOST}\r\n`, 400],
    ["F14 garbage", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  ])("%s: refused, and the connection ends", async (_, bytes, status) => {
    const { port, hits } = await testProxy(await echoLine());
    const answer = await exchangeRaw(port, bytes);
    expect(statusOf(answer.text)).toBe(status);
    expect(answer.ended).toBe("closed");
    expect(answer.text).toContain("<hr><center>nginx</center>");
    expect(answer.text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    for (const hit of hits) expect(hit.status).toBe(status);
  });

  test.each([
    ["F2 hexadecimal", "0x2\r\nab\r\n0\r\n\r\n"],
    ["F2 runaway", `${"f".repeat(40)}\r\nab`],
  ])("%s chunk: no complete answer, and the connection ends", async (_, chunk) => {
    const { port } = await testProxy(
      await httpUpstream((request, response) => {
        request.resume().on("end", () => response.end("complete"));
      }),
    );
    const answer = await exchangeRaw(port, post("Transfer-Encoding: chunked\r\n", chunk));
    expect(statusOf(answer.text)).toBe(400);
    expect(answer.text).not.toContain("complete");
  });

  test.each([
    ["plain", "GET /a?b HTTP/1.1\r\nHost: a.test", "GET /a?b host=a.test"],
    ["H2", "GET / HTTP/1.0", "GET / host=_"],
    ["H5 case, dot, port", "GET / HTTP/1.1\r\nHost: A.TEST.:8080", "GET / host=A.TEST.:8080"],
    ["H5 empty port", "GET / HTTP/1.1\r\nHost: a.test:", "GET / host=a.test:"],
    ["H6", "GET / HTTP/1.1\r\nHost: [::1]:31000", "GET / host=[::1]:31000"],
    ["H8", "GET http://b.test/abs?q HTTP/1.1\r\nHost: a.test", "GET /abs?q host=a.test"],
    ["H8 no path", "GET http://b.test?q HTTP/1.1\r\nHost: a.test", "GET /?q host=a.test"],
    ["H8 without Host", "GET http://B.test:80/abs HTTP/1.0", "GET /abs host=b.test"],
    ["P33", "GET / HTTP/1.1\r\nHost: a.test:abc", "GET / host=a.test:abc"],
    ["a user", "GET / HTTP/1.1\r\nHost: u@a.test", "GET / host=u@a.test"],
    ["HTTP/1.2", "GET /a HTTP/1.2\r\nHost: a.test", "GET /a host=a.test"],
    ["F4, P36", "GET / HTTP/1.1\nHost: a.test\nX: 1", "GET / host=a.test"],
    ["H12", "PROPFIND /dav HTTP/1.1\r\nHost: a.test", "PROPFIND /dav host=a.test"],
    ["H12 purge", "PURGE /x HTTP/1.1\r\nHost: a.test", "PURGE /x host=a.test"],
    ["H13", "GET /a/../b/%2e%2e//x HTTP/1.1\r\nHost: a.test", "GET /a/../b/%2e%2e//x host=a.test"],
    ["H17", "GET /%E9%C0%80%c3%a9 HTTP/1.1\r\nHost: a.test", "GET /%E9%C0%80%c3%a9 host=a.test"],
    ["H18", 'GET /a\\b{}|^"<>` HTTP/1.1\r\nHost: a.test', 'GET /a\\b{}|^"<>` host=a.test'],
    ["H19", "GET /;x=1?a?b%2F%252e HTTP/1.1\r\nHost: a.test", "GET /;x=1?a?b%2F%252e host=a.test"],
    ["H19 empty query", "GET /a? HTTP/1.1\r\nHost: a.test", "GET /a? host=a.test"],
    ["H19 fragment", "GET /a#f HTTP/1.1\r\nHost: a.test", "GET /a#f host=a.test"],
  ])("%s: forwarded byte for byte", async (_, head, line) => {
    const { port } = await testProxy(await echoLine());
    const answer = await exchangeRaw(port, `${head}\r\n${CLOSE}\r\n`);
    expect(statusOf(answer.text)).toBe(200);
    expect(bodyOf(answer.text)).toBe(line);
  });

  test("F14: pipelined requests are answered in order, and garbage behind them comes last", async () => {
    const upstream = await httpUpstream((request, response) => {
      setTimeout(() => response.end(request.url), request.url === "/1" ? 60 : 0);
    });
    const { port } = await testProxy(upstream);
    const answer = await exchangeRaw(
      port,
      `GET /1 HTTP/1.1\r\n${HOST}\r\nGET /2 HTTP/1.1\r\n${HOST}\r\n\x00garbage`,
    );
    const statuses = [...answer.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((found) => found[1]);
    expect(statuses).toEqual(["200", "200", "400"]);
    expect(answer.text.indexOf("/1")).toBeLessThan(answer.text.indexOf("/2"));
  });

  test("what is smuggled behind a refused request is never a request", async () => {
    let seen = 0;
    const upstream = await httpUpstream((_, response) => {
      seen++;
      response.end();
    });
    const { port } = await testProxy(upstream);
    const smuggled = `GET /admin HTTP/1.1\r\n${HOST}\r\n`;
    await exchangeRaw(port, post("Transfer-Encoding: gzip, chunked\r\n", `0\r\n\r\n${smuggled}`));
    expect(seen).toBe(0);
  });
});

function post(headers: string, body: string): string {
  return `POST / HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
}
