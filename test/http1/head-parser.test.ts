import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Head } from "../../src/http1/head.ts";
import { HeadParser } from "../../src/http1/head-parser.ts";

const BUFFERS = { first: 1_024, large: 8_192, count: 4, lines: 1_000 };
const HOST = "Host: a.test\r\n";

/** The head of these pieces, and the number of bytes after it. */
function read(pieces: readonly Buffer[]): { readonly head: Head | undefined; readonly rest: number } {
  const parser = new HeadParser(BUFFERS);
  for (const [index, piece] of pieces.entries()) {
    const head = parser.read(piece, 0);
    if (head === undefined) continue;
    const behind = pieces.slice(index + 1).reduce((sum, { length }) => sum + length, 0);
    return { head, rest: piece.length - parser.taken + behind };
  }
  return { head: undefined, rest: 0 };
}

function whole(text: string): { readonly head: Head | undefined; readonly rest: number } {
  return read([Buffer.from(text, "latin1")]);
}

function bytewise(text: string): { readonly head: Head | undefined; readonly rest: number } {
  return read([...Buffer.from(text, "latin1")].map((byte) => Buffer.from([byte])));
}

describe("what is read (ngx_http_parse.c)", () => {
  test.each([
    [
      "a request",
      `GET /a?b HTTP/1.1\r\n${HOST}\r\n`,
      { method: "GET", target: "/a?b", minor: 1, headers: ["Host", "a.test"] },
    ],
    ["lines that end in LF", "GET / HTTP/1.1\nHost: a\n\n", { headers: ["Host", "a"] }],
    ["HTTP/0.9", "GET /x\r\n", { target: "/x", major: 0, minor: 9, keepAlive: false }],
    ["HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", { minor: 0, keepAlive: false }],
    ["HTTP/1.0 that stays", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", { keepAlive: true }],
    ["a word with close in it", `GET / HTTP/1.1\r\nConnection: xclosed\r\n\r\n`, { keepAlive: false }],
    [
      "the last of two Connection",
      "GET / HTTP/1.1\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n",
      { keepAlive: true },
    ],
    ["an unknown method", "F_O-O / HTTP/1.1\r\n\r\n", { method: "F_O-O" }],
    ["HTTP/1.2", "GET / HTTP/1.2\r\n\r\n", { minor: 2, keepAlive: true }],
    ["blanks in the line", "GET   /x   HTTP/1.1  \r\n\r\n", { target: "/x" }],
    [
      "a target in absolute form",
      "GET http://a.test:80/x HTTP/1.1\r\n\r\n",
      { target: "http://a.test:80/x" },
    ],
    [
      "bytes above 127",
      "GET /\xe9 HTTP/1.1\r\nX: \xe9\x01\r\n\r\n",
      { target: "/\xe9", headers: ["X", "\xe9\x01"] },
    ],
    ["a name without a colon", "GET / HTTP/1.1\r\nX\r\n\r\n", { headers: ["X", ""] }],
    ["odd names", "GET / HTTP/1.1\r\nX_(: 1\r\n\r\n", { headers: ["X_(", "1"] }],
    ["blanks around a value", "GET / HTTP/1.1\r\nX:  a b  \r\n\r\n", { headers: ["X", "a b"] }],
    ["CR CR LF", "GET / HTTP/1.1\r\nX: a\r\r\n\r\n", { headers: ["X", "a"] }],
    ["empty lines before", "\r\n\n\r\nGET / HTTP/1.1\r\n\r\n", { target: "/" }],
    ["a length", "POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\n", { framing: 12 }],
    ["chunks", "POST / HTTP/1.1\r\nTransfer-Encoding: CHUNKED\r\n\r\n", { framing: "chunked" }],
    ["an upgrade", "GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n", { upgrade: true }],
  ])("%s", (_, text, expected) => {
    expect(whole(text).head).toMatchObject({ ...expected, refusal: undefined });
    expect(whole(`${text}behind`).rest).toBe("behind".length);
    expect(bytewise(text)).toEqual(whole(text));
  });

  test.each([
    [400, "small letters", "get / HTTP/1.1\r\n\r\n"],
    [400, "no HTTP at all", "\x16\x03\x01"],
    [400, "nothing of a target", "GET * HTTP/1.1\r\n\r\n"],
    [400, "a control character in the target", "GET /\t HTTP/1.1\r\n\r\n"],
    [400, "a blank in the target", "GET /a b HTTP/1.1\r\n\r\n"],
    [400, "another word than HTTP", "GET / HTTPS/1.1\r\n\r\n"],
    [400, "HTTP/0.9 by name", "GET / HTTP/0.9\r\n\r\n"],
    [400, "a minor version beyond 999", "GET / HTTP/1.1000\r\n\r\n"],
    [505, "HTTP/2.0", "GET / HTTP/2.0\r\n\r\n"],
    [505, "HTTP/11.0", "GET / HTTP/11.0\r\n\r\n"],
    [400, "HTTP/0.9 by POST", "POST /\r\n"],
    [400, "a folded line", "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n"],
    [400, "a blank before the colon", "GET / HTTP/1.1\r\nX : a\r\n\r\n"],
    [400, "no name", "GET / HTTP/1.1\r\n: a\r\n\r\n"],
    [400, "NUL in a value", "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"],
    [400, "CR in a value", "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n"],
    [400, "two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"],
    [400, "a length that is none", "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n"],
    [400, "length and chunks", "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"],
    [400, "chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"],
    [501, "another coding", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
    [414, "a line of 8,193 bytes", `GET /${"a".repeat(8_177)} HTTP/1.1\r\n\r\n`],
    [400, "a header of 8,193 bytes", `GET / HTTP/1.1\r\nX: ${"a".repeat(8_188)}\r\n\r\n`],
    [400, "more than four large buffers", `GET / HTTP/1.1\r\n${`X: ${"a".repeat(8_000)}\r\n`.repeat(5)}\r\n`],
    [400, "1,001 headers", `GET / HTTP/1.1\r\n${"a: b\r\n".repeat(1_001)}\r\n`],
  ])("%i: %s", (status, _, text) => {
    expect(whole(text).head?.refusal?.status).toBe(status);
    expect(bytewise(text).head?.refusal).toEqual(whole(text).head?.refusal);
  });

  test.each([
    ["a line of 8,192 bytes", `GET /${"a".repeat(8_176)} HTTP/1.1\r\n\r\n`],
    ["a header of 8,192 bytes", `GET / HTTP/1.1\r\nX: ${"a".repeat(8_187)}\r\n\r\n`],
    ["1,000 headers", `GET / HTTP/1.1\r\n${"a: b\r\n".repeat(1_000)}\r\n`],
  ])("%s is not too long", (_, text) => expect(whole(text).head?.refusal).toBeUndefined());
});

test("pieces make no difference, whatever they hold", () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."GET /\r\n:HTTP1.0 \0\tax\xff"), maxLength: 80 }),
    fc.string({
      unit: fc.constantFrom("GET ", "/ ", "HTTP/1.1", "\r\n", "\n", "X: 1", "Host: a", " ", "\r"),
      maxLength: 30,
    }),
  );
  fc.assert(
    fc.property(text, fc.array(fc.nat(20), { maxLength: 12 }), (bytes, cuts) => {
      const all = Buffer.from(bytes, "latin1");
      const pieces: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        pieces.push(all.subarray(at, at + cut));
        at += cut;
      }
      pieces.push(all.subarray(at));
      expect(read(pieces.filter(({ length }) => length > 0))).toEqual(whole(bytes));
    }),
    { numRuns: 2_000 },
  );
});
