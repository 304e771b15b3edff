import { describe, expect, test } from "vitest";
import { data, FLAG, FRAME, frame } from "../../support/http2-raw/frames.ts";
import { type Fields, integer, literals, text } from "../../support/http2-raw/header-block.ts";
import { ask, head, http2Proxy, outcome, post } from "./support.ts";

/** A malformed request is an error of its stream, and may be answered before (RFC 9113 section 8.1.1). */
const MALFORMED = ["reset PROTOCOL_ERROR", "400"];

const bare = (...fields: Fields) => head(1, fields);
const also = (...more: Fields) => head(1, ask("GET", "/", more));
const without = (name: string) =>
  head(
    1,
    ask().filter(([own]) => own !== name),
  );
const twice = (name: string) =>
  head(
    1,
    ask().flatMap((field) => (field[0] === name ? [field, field] : [field])),
  );
const A: Fields[number] = ["x-a", "1"];

describe("a malformed head, of which no backend hears (RFC 9113 section 8)", () => {
  test.each([
    ["8.2.1", "a name with a capital", also(["X-Test", "1"])],
    ["8.2.1", "a name with a space", also(["x test", "1"])],
    ["8.2.1", "a name with a colon", also(["x:test", "1"])],
    ["8.2.1", "a name with a line break", also(["x\r\ny", "1"])],
    ["8.2.1", "an empty name", also(["", "1"])],
    ["8.2.1", "a value with a line break", also(["x", "1\r\ny: 2"])],
    ["8.2.1", "a value with a LF", also(["x", "1\n2"])],
    ["8.2.1", "a value with a NUL", also(["x", "1\x002"])],
    ["8.2.2", "Connection", also(["connection", "x-a"], A)],
    ["8.2.2", "Keep-Alive", also(["keep-alive", "timeout=5"])],
    ["8.2.2", "Proxy-Connection", also(["proxy-connection", "keep-alive"])],
    ["8.2.2", "Transfer-Encoding", also(["transfer-encoding", "chunked"])],
    ["8.2.2", "Upgrade", also(["upgrade", "websocket"])],
    ["8.2.2", "TE other than trailers", also(["te", "gzip, trailers"])],
    ["8.3", "an unknown pseudo header", head(1, [...ask(), [":x", "1"]])],
    ["8.3", "a pseudo header of answers", head(1, [...ask(), [":status", "200"]])],
    ["8.3", "a pseudo header behind a header", head(1, [...ask().slice(0, 3), A, [":authority", "a.test"]])],
    ["8.3.1", "no :method", without(":method")],
    ["8.3.1", "no :scheme", without(":scheme")],
    ["8.3.1", "no :path", without(":path")],
    ["8.3.1", "no :authority nor Host", without(":authority")],
    [
      "8.3.1",
      "an empty :path",
      bare([":method", "GET"], [":scheme", "http"], [":path", ""], [":authority", "a.test"]),
    ],
    ["8.3.1", "a :path without slash", head(1, ask("GET", "x"))],
    ["8.3.1", "a :path with a line break", head(1, ask("GET", "/\r\nX: 1"))],
    ["8.3.1", "a :path with a space", head(1, ask("GET", "/a HTTP/1.1"))],
    ["8.3.1", "a :method with a space", head(1, ask("GET /x", "/"))],
    ["8.3.1", "two :method", twice(":method")],
    ["8.3.1", "two :scheme", twice(":scheme")],
    ["8.3.1", "two :path", twice(":path")],
    ["8.3.1", "two :authority", twice(":authority")],
    ["8.3.1", "an :authority with a slash", bare(...ask().slice(0, 3), [":authority", "a.test/x"])],
    ["8.3.1", "an :authority that is not Host", also(["host", "b.test"])],
    ["8.5", "a CONNECT", bare([":method", "CONNECT"], [":authority", "a.test:80"])],
    ["8.5", "a CONNECT with :path", head(1, ask("CONNECT"))],
    ["8.1.1", "two lengths", also(["content-length", "1"], ["content-length", "2"])],
    ["8.1.1", "a length that is no number", head(1, ask("POST", "/", [["content-length", "x"]]))],
    ["8.1.1", "a negative length", head(1, ask("POST", "/", [["content-length", "-1"]]))],
    ["8.1.1", "a length, and END_STREAM", head(1, ask("POST", "/", [["content-length", "5"]]))],
  ])("%s %s", async (_section, _title, sends) => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    expect([...MALFORMED, "405"]).toContain(await outcome(client, [sends], 1));
    expect(proxy.begun.map(({ url }) => url)).toEqual(["/last"]);
    await proxy.isWell();
  });
});

test("a name with a byte over 127 goes no further: nginx passes over it, RFC 9113 calls it malformed", async () => {
  const proxy = await http2Proxy();
  const client = await proxy.open();
  expect(["200", ...MALFORMED]).toContain(await outcome(client, [also(["x-\xff", "1"])], 1));
  for (const { rawHeaders } of proxy.begun) expect(rawHeaders.join()).not.toContain("x-\xff");
  await proxy.isWell();
});

describe("a length that its body has not: no backend gets it whole (8.1.1)", () => {
  const said = (bytes: number) => post(1, "/echo", [["content-length", String(bytes)]]);
  test.each([
    ["one DATA too short", [said(5), data(1, "1234")]],
    ["one DATA too long", [said(5), data(1, "123456")]],
    ["several DATA too short", [said(5), data(1, "12", "more"), data(1, "34", "more"), data(1, "")]],
    ["several DATA too long", [said(5), data(1, "123", "more"), data(1, "456")]],
    ["none at all", [said(5), data(1, "")]],
    ["more than 0", [said(0), data(1, "1")]],
    ["trailers too early", [said(5), data(1, "1234", "more"), head(1, [A])]],
  ])("%s", async (_, sends) => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    expect(MALFORMED).toContain(await outcome(client, sends, 1));
    expect(proxy.whole).toEqual(["GET /last"]);
    await proxy.isWell();
  });
});

describe("trailers of a request (8.1)", () => {
  const body = [post(1, "/echo"), data(1, "body", "more")];
  test("its last HEADERS has END_STREAM", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    expect(await outcome(client, [...body, head(1, [A])], 1)).toBe("200");
    expect(proxy.whole).toContain("POST /echo body");
  });

  test.each([
    ["a second HEADERS without END_STREAM", [head(1, [A], "more")]],
    ["a second head", [head(1, ask("GET", "/x"), "more"), data(1, "")]],
    ["a pseudo header among them", [head(1, [[":path", "/x"]])]],
    ["a capital among them", [head(1, [["X-A", "1"]])]],
    ["Connection among them", [head(1, [["connection", "close"]])]],
  ])("%s is malformed", async (_, sends) => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    expect(MALFORMED).toContain(await outcome(client, [...body, ...sends], 1));
    expect(proxy.whole).toEqual(["GET /last"]);
    await proxy.isWell();
  });
});

describe("a head that is as it should be", () => {
  test.each<[string, Fields, Record<string, string>]>([
    [
      "Host in place of :authority",
      [...ask().filter(([name]) => name !== ":authority"), ["host", "a.test"]],
      { host: "a.test" },
    ],
    ["both, and the same", ask("GET", "/", [["host", "a.test"]]), { host: "a.test" }],
    ["TE: trailers", ask("GET", "/", [["te", "trailers"]]), {}],
    [
      "cookies in crumbs (8.2.3)",
      ask("GET", "/", [["cookie", "a=1"], A, ["cookie", "b=2"], ["cookie", "c=3"]]),
      { cookie: "a=1; b=2; c=3", "x-a": "1" },
    ],
    ["an empty value", ask("GET", "/", [["x-a", ""]]), { "x-a": "" }],
    ["bytes over 127 in a value", ask("GET", "/", [["x-a", "\xe4\xff"]]), { "x-a": "\xe4\xff" }],
    ["a tab within a value", ask("GET", "/", [["x-a", "1\t2"]]), { "x-a": "1\t2" }],
    ["a name with every sign", ask("GET", "/", [["x!#$%&'*+-.^|~9", "1"]]), {}],
    ["a name twice", ask("GET", "/", [A, ["x-a", "2"]]), { "x-a": "1, 2" }],
    ["pseudo headers in another order", ask().toReversed(), { host: "a.test" }],
    ["a length of 0", ask("POST", "/", [["content-length", "0"]]), { "content-length": "0" }],
    ["a method that few know", ask("PROPFIND"), {}],
  ])("%s", async (_, fields, gets) => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    expect(await outcome(client, [head(1, fields)], 1)).toBe("200");
    expect(proxy.begun.find(({ url }) => url === "/")?.headers).toMatchObject(gets);
    await proxy.isWell();
  });
});

describe("how large a head may be", () => {
  const wide = (bytes: number) => ask("GET", "/", [["x-a", "x".repeat(bytes)]]);
  const many = (lines: number) =>
    ask(
      "GET",
      "/",
      Array.from({ length: lines }, (_, i) => [`x-${i}`, "1"] as const),
    );
  test.each<[string, Fields, readonly string[]]>([
    ["a line of 8,000 bytes", wide(8_000), ["200"]],
    ["a line of 8,200 bytes", wide(8_200), ["400"]],
    ["a path of 8,100 bytes", ask("GET", `/${"x".repeat(8_100)}`), ["200"]],
    ["a path of 8,200 bytes", ask("GET", `/${"x".repeat(8_200)}`), ["414"]],
    // From the backend: Node takes 16 KB.
    ["4 lines of 7,900 bytes", ask("GET", "/", Array(4).fill(wide(7_900).at(-1))), ["431"]],
    ["5 lines of 7,900 bytes", ask("GET", "/", Array(5).fill(wide(7_900).at(-1))), ["400"]],
    ["900 lines", many(900), ["200"]],
    ["1,001 lines", many(1_001), ["400"]],
    // What no plane allows need not be read; HPACK's state has to stay right all the same.
    [
      "a line of 70,000 bytes",
      wide(70_000),
      ["400", "431", "reset ENHANCE_YOUR_CALM", "GOAWAY ENHANCE_YOUR_CALM"],
    ],
    ["1,100 lines", many(1_100), ["400", "431", "reset ENHANCE_YOUR_CALM", "GOAWAY ENHANCE_YOUR_CALM"]],
  ])("%s", async (_, fields, comes) => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    const block = literals(fields);
    const pieces: Buffer[] = [];
    for (let at = 0; at < block.length; at += 16_000)
      pieces.push(
        frame(
          at === 0 ? FRAME.headers : FRAME.continuation,
          (at === 0 ? FLAG.endStream : 0) | (at + 16_000 >= block.length ? FLAG.endHeaders : 0),
          1,
          block.subarray(at, at + 16_000),
        ),
      );
    expect(comes).toContain(await outcome(client, pieces, 1));
    await proxy.isWell();
  });
});

describe("HPACK (RFC 7541)", () => {
  const start = Buffer.from([0x82, 0x86, 0x84]);
  const block = (...bytes: readonly (Buffer | readonly number[])[]) =>
    frame(FRAME.headers, 5, 1, Buffer.concat([start, ...bytes.map((some) => Buffer.from(some))]));
  const BROKEN = "GOAWAY COMPRESSION_ERROR";
  test.each([
    ["2.3.3", "an index of 0", block([0x80])],
    ["2.3.3", "an index behind the tables", block([0x80 | 70])],
    ["2.3.3", "an index far behind the tables", block(integer(2 ** 31, 7, 0x80))],
    ["2.3.3", "a name behind the tables", block(integer(70, 6, 0x40), text("1"))],
    ["4.2", "a table's size behind a field", block([0x20])],
    ["5.1", "an integer without end", block([0xff, ...Array(12).fill(0xff), 1])],
    ["5.1", "an integer cut off", block([0xff, 0xff])],
    ["5.2", "a string longer than its block", block([0, 5, 0x78, 0x2d])],
    ["5.2", "a string of 2^32 bytes", block([0], integer(2 ** 32, 7), [1])],
    ["5.2", "Huffman: padding of 8 bits", block([0, 1, 0x78, 0x82, 0x1f, 0xff])],
    ["5.2", "Huffman: padding of zeros", block([0, 1, 0x78, 0x81, 0x18])],
    ["5.2", "Huffman: EOS within", block([0, 1, 0x78, 0x84, 0xff, 0xff, 0xff, 0xff])],
    ["6.1", "a field cut off behind its name", block([0, 1, 0x78])],
    [
      "6.3",
      "a table larger than allowed",
      frame(FRAME.headers, 5, 1, Buffer.concat([integer(4_097, 5, 0x20), start])),
    ],
  ])("%s %s", async (_section, _title, sends) => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    expect(await outcome(client, [sends])).toBe(BROKEN);
    expect(proxy.begun).toEqual([]);
    await proxy.isWell();
  });

  test("tables: entries, names, eviction, sizes, Huffman, over many requests", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    const authority = Buffer.concat([Buffer.from([0x41]), text("a.test")]);
    // 62 is the latest entry, here and below.
    const blocks = [
      Buffer.concat([start, authority, Buffer.from([0x40]), text("x-a"), text("1")]),
      Buffer.concat([start, Buffer.from([0x80 | 63, 0x80 | 62])]),
      Buffer.concat([start, Buffer.from([0x80 | 63, 0x40 | 62]), text("2")]),
      Buffer.concat([start, Buffer.from([0x80 | 64, 0x80 | 62, 0x80 | 63])]),
      // Name by index: not indexed, never indexed.
      Buffer.concat([start, Buffer.from([0x80 | 64, 0x0f, 62 - 15]), text("3")]),
      Buffer.concat([start, Buffer.from([0x80 | 64, 0x1f, 62 - 15]), text("4")]),
      // An empty table, and one as large as before; `www.example.com` of RFC 7541 appendix C.4.1.
      Buffer.concat([integer(0, 5, 0x20), integer(4_096, 5, 0x20), start, authority]),
      Buffer.concat([
        start,
        Buffer.from([0x80 | 62, 0, 3]),
        Buffer.from("x-a"),
        Buffer.from("8cf1e3c2e5f23a6ba0ab90f4ff", "hex"),
      ]),
      // An entry larger than the table empties it.
      Buffer.concat([start, Buffer.from([0x80 | 62, 0x40]), text("x-a"), text("y".repeat(4_100))]),
      Buffer.concat([start, authority]),
      Buffer.concat([start, Buffer.from([0x80 | 62])]),
    ];
    client.send(...blocks.map((one, i) => frame(FRAME.headers, 5, 2 * i + 1, one)));
    for (const i of blocks.keys()) expect(await client.answer(2 * i + 1)).toMatchObject({ status: 200 });
    const got = proxy.begun.map(({ headers }) => `${headers.host} ${headers["x-a"]}`.replace(/y+/, "y"));
    expect(got.toSorted()).toEqual(
      ["1", "1", "2", "2, 1", "3", "4", "undefined", "www.example.com", "y", "undefined", "undefined"]
        .map((value) => `a.test ${value}`)
        .toSorted(),
    );
  });
});
