import { expect, test } from "vitest";
import { BodyReader } from "../../src/http1/body-reader.ts";
import type { Framing } from "../../src/http1/head.ts";

/** The body, the rest after it, and how it ended. */
function read(
  framing: Framing,
  pieces: readonly Buffer[],
): readonly [string, string, "ended" | "broken" | "more"] {
  const reader = new BodyReader(framing);
  let body = "";
  let rest = "";
  for (const piece of pieces) {
    const at = reader.read(piece, 0, (bytes) => {
      body += bytes.toString("latin1");
    });
    if (!reader.broken) rest += piece.toString("latin1", at);
  }
  return [body, rest, reader.ended ? "ended" : reader.broken ? "broken" : "more"];
}

test.each<[Framing, string, string, string, "ended" | "broken" | "more"]>([
  [0, "abc", "", "abc", "ended"],
  [2, "abc", "ab", "c", "ended"],
  [4, "abc", "abc", "", "more"],
  ["chunked", "2\r\nab\r\n0\r\n\r\nX", "ab", "X", "ended"],
  ["chunked", "2\nab\n0\n\nX", "ab", "X", "ended"],
  ["chunked", "0A;x=y\r\n0123456789\r\n0 ;z\r\nX: 1\r\nY\r\n\r\nX", "0123456789", "X", "ended"],
  ["chunked", "1\r\na\r\n", "a", "", "more"],
  ["chunked", "0x1\r\na", "", "", "broken"],
  ["chunked", "\r\n", "", "", "broken"],
  ["chunked", "1\r\nab\r\n", "a", "", "broken"],
  ["chunked", "1\r\na\rb", "a", "", "broken"],
  ["chunked", "1\rx", "", "", "broken"],
  ["chunked", "ffffffffffffffffff\r\n", "", "", "broken"],
  ["chunked", "0\r\nX: 1\rY\r\n\r\n", "", "", "broken"],
])("framed by %j, %j", (framing, bytes, body, rest, end) => {
  const all = Buffer.from(bytes, "latin1");
  expect(read(framing, [all])).toEqual([body, rest, end]);
  expect(
    read(
      framing,
      [...all].map((byte) => Buffer.from([byte])),
    ),
  ).toEqual([body, rest, end]);
});
