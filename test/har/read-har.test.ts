import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { beginsHar } from "../../src/har/begins-har.ts";
import type { PassedExchange } from "../../src/har/passed-exchange.ts";
import { readHar } from "../../src/har/read-har.ts";
import { HAR_END, harBeginning, harEntry } from "../../src/har/write-har.ts";

const read = (text: string | Buffer) => readHar("a.har", Buffer.from(text));

function one(entry: object) {
  const [request] = read(JSON.stringify({ log: { version: "1.2", entries: [entry] } })).requests;
  if (request === undefined) throw new Error("there is no request");
  return request;
}

/** Entries as tools write them, shortened. */
const TOOLS: readonly [string, object, object][] = [
  [
    "Chrome, HTTP/2",
    {
      _initiator: { type: "script" },
      _priority: "High",
      _resourceType: "fetch",
      cache: {},
      connection: "123",
      request: {
        ...{ method: "POST", url: "https://shop.test/cart?x=1", httpVersion: "http/2.0", bodySize: 13 },
        headers: [
          { name: ":authority", value: "shop.test" },
          { name: ":method", value: "POST" },
          { name: ":path", value: "/cart?x=1" },
          { name: "content-type", value: "application/json" },
        ],
        ...{ queryString: [{ name: "x", value: "1" }], cookies: [], headersSize: -1 },
        postData: { mimeType: "application/json", text: '{"a":"ü"}' },
      },
      response: {
        ...{
          status: 200,
          statusText: "",
          httpVersion: "http/2.0",
          headers: [],
          cookies: [],
          redirectURL: "",
        },
        content: { size: 4, mimeType: "text/plain", text: "aGV5IQ==", encoding: "base64" },
        ...{ headersSize: -1, bodySize: -1, _transferSize: 40, _error: null },
      },
      ...{ serverIPAddress: "[::1]", startedDateTime: "2026-01-02T03:04:05.006Z", time: 4.5 },
    },
    {
      ...{ scheme: "https", method: "POST", host: "shop.test", target: "/cart?x=1" },
      headers: [
        ["Host", "shop.test"],
        ["content-type", "application/json"],
      ],
      body: Buffer.from('{"a":"ü"}'),
      bodySize: 10,
      answer: { status: 200, text: "hey!" },
    },
  ],
  [
    "Chrome, a redirect and a WebSocket",
    {
      _webSocketMessages: [{ type: "send", data: "x" }],
      request: {
        ...{
          method: "GET",
          url: "wss://shop.test:32000/ws",
          headers: [{ name: "Upgrade", value: "websocket" }],
        },
      },
      response: { status: 308, redirectURL: "https://shop.test/ws/", headers: [] },
    },
    { scheme: "https", host: "shop.test:32000", answer: { status: 308, location: "https://shop.test/ws/" } },
  ],
  [
    "Firefox, a form",
    {
      ...{ pageref: "page_1", startedDateTime: "2026-01-02T03:04:05.006+01:00", _securityState: "insecure" },
      request: {
        ...{ bodySize: 7, method: "POST", url: "http://shop.test/login#top", httpVersion: "HTTP/1.1" },
        headers: [{ name: "Host", value: "shop.test" }],
        postData: {
          mimeType: "application/x-www-form-urlencoded",
          params: [{ name: "a", value: "b c" }],
          text: "a=b%20c",
        },
      },
      response: {
        status: 302,
        headers: [{ name: "location", value: "/in" }],
        redirectURL: "/in",
        content: {},
      },
    },
    { target: "/login", body: Buffer.from("a=b%20c"), answer: { status: 302, location: "/in" } },
  ],
  [
    "Safari, without what is optional",
    { request: { method: "GET", url: "http://shop.test" }, response: { status: 200 } },
    { target: "/", headers: [["Host", "shop.test"]], body: undefined, answer: { status: 200 } },
  ],
  [
    "mitmproxy, with comments",
    {
      comment: "x",
      request: {
        ...{ method: "PUT", url: "http://shop.test/a%2Fb/../c//d", bodySize: 3, comment: "" },
        headers: [{ name: "Host", value: "shop.test", comment: "y" }],
        postData: { mimeType: "", text: "AAH/", encoding: "base64", params: [] },
      },
      response: { status: 204, content: { size: 0, mimeType: "" }, redirectURL: "" },
    },
    { target: "/a%2Fb/../c//d", body: Buffer.from([0, 1, 255]), answer: { status: 204 } },
  ],
  [
    "Charles, fields of a form alone, and a request without answer",
    {
      request: {
        ...{ method: "POST", url: "http://me:pw@shop.test/a b", bodySize: 5 },
        postData: {
          mimeType: "application/x-www-form-urlencoded; charset=utf-8",
          params: [
            { name: "a", value: "1" },
            { name: "b", value: "ü" },
          ],
        },
      },
      response: { status: 0, statusText: "" },
    },
    { host: "shop.test", target: "/a%20b", body: Buffer.from("a=1&b=%C3%BC"), answer: undefined },
  ],
  [
    "a body that is not there",
    { request: { method: "POST", url: "http://shop.test/", bodySize: 500 }, response: null },
    { body: "cut", bodySize: 500, answer: undefined },
  ],
];

test.each(TOOLS)("reads what tools write: %s", (_, entry, request) => {
  expect(one(entry)).toMatchObject({ line: 1, ...request });
});

test("what is no request by HTTP is counted, and members in any order are passed over", () => {
  const entry = (url: string) => ({ request: { method: "GET", url } });
  const log = {
    entries: [
      entry("data:text/plain,x"),
      entry("chrome-extension://x/y"),
      entry("data:,"),
      entry("http://a.test/"),
    ],
    pages: [{ id: "x", pageTimings: { entries: [{}] } }],
    version: "1.1",
  };
  const { requests, others, ports } = read(JSON.stringify({ _x: [{}], log, more: null }));
  expect(requests).toHaveLength(1);
  expect([...others]).toEqual([
    ["data", 2],
    ["chrome-extension", 1],
  ]);
  expect([...ports]).toEqual([]);
});

test("UTF-8 with a mark, and UTF-16 of Windows' tools", () => {
  const text = JSON.stringify({ log: { entries: [{ request: { method: "GET", url: "http://a.test/ü" } }] } });
  for (const bytes of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, "utf16le")])
    expect(read(bytes).requests[0]?.target).toBe("/\xc3\xbc");
});

const GOOD = '{"log":{\n"entries":[\n{"request":{"method":"GET","url":"http://a.test/"}},\n';

describe("a file that is broken is one error with its line", () => {
  test.each<[string, string, RegExp]>([
    ["empty", "", /^a\.har:1: it is no HAR: it is empty\.$/],
    ["another text", "GET / HTTP/1.1", /^a\.har:1: it is no HAR: it does not begin with/],
    ["another JSON", '{"a":\n1}', /^a\.har:1: it is no HAR: it has no log\.entries\.$/],
    [
      "entries of another kind",
      '{"log":{\n"entries":{}}}',
      /^a\.har:2: it is no HAR: log\.entries is no list\.$/,
    ],
    ["cut off behind an entry", GOOD, /^a\.har:4: entry 2: it ends too early: the file is cut off\.$/],
    ["cut off within a text", `${GOOD}{"request":{"method":"GE`, /^a\.har:4: entry 2: .* cut off\.$/],
    ["cut off within a word", `${GOOD}{"time":12`, /^a\.har:4: entry 2: .* cut off\.$/],
    ["cut off within an escape", `${GOOD}{"a":"\\u00`, /^a\.har:4: entry 2: .* cut off\.$/],
    ["without its end", `${GOOD}{"request":{"method":"GET","url":"http://a/"}}]`, /^a\.har:4: .* cut off\.$/],
    ["a comma too few", `${GOOD}{"a":1 "b":2}]}}`, /^a\.har:4: entry 2: "," or "}" is expected\.$/],
    ["a word that is none", `${GOOD}{"a":nul}]}}`, /^a\.har:4: entry 2: a value is expected\.$/],
    ["a line break in a text", `${GOOD}{"a":"\n"}]}}`, /^a\.har:4: entry 2: a string is not closed/],
    ["an escape that is none", `${GOOD}{"a":"\\x"}, {"b":"000000"}]}}`, /^a\.har:4: entry 2: .* escape/],
    [
      "an escape that is none, near the end",
      '{"log":{"_ingressDev":{"a":"\\x"}}}',
      /:1: a string has an escape/,
    ],
    ["an escape that is none, in a key", '{"\\x":1}', /^a\.har:1: a string has an escape that is none\.$/],
    ["a long word that is none", `${GOOD}{"a":${"1".repeat(80)}abc}]}}`, /entry 2: a value is expected\.$/],
    ["nested without end", `{"a":${"[".repeat(100_000)}`, /^a\.har:1: it is nested more than 200 deep\.$/],
    ["more behind the end", '{"log":{"entries":[]}}\n{}', /^a\.har:2: more text follows behind the end\.$/],
    ["an entry without request", `${GOOD}\n{"response":{}}]}}`, /^a\.har:5: entry 2: request is missing\.$/],
    ["an entry that is none", `${GOOD}7]}}`, /^a\.har:4: entry 2: request is missing\.$/],
    ["no URL", `${GOOD}{"request":{"method":"GET"}}]}}`, /entry 2: request\.url is missing\.$/],
    ["a URL that is none", `${GOOD}{"request":{"method":"GET","url":"/a"}}]}}`, /"\/a" is no URL\.$/],
    ["no host", `${GOOD}{"request":{"method":"GET","url":"http:///a"}}]}}`, /has no host\.$/],
    [
      "no method",
      `${GOOD}{"request":{"method":"A B","url":"http://a/"}}]}}`,
      /request\.method is missing, or no/,
    ],
    [
      "a header with two lines",
      `${GOOD}{"request":{"method":"GET","url":"http://a/","headers":[{"name":"a","value":"b\\r\\nc: d"}]}}]}}`,
      /entry 2: request\.headers\[0\] is no header line\.$/,
    ],
    [
      "headers of another kind",
      `${GOOD}{"request":{"method":"GET","url":"http://a/","headers":{}}}]}}`,
      /entry 2: request\.headers is no list\.$/,
    ],
  ])("%s", (_, text, says) => {
    try {
      read(text);
      expect.fail("it was read");
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).code).toBe("bad-har");
      expect((error as UserError).message).toMatch(says);
    }
  });
});

test("any cut of a file is an error, and never another exception", () => {
  const text = `${GOOD}{"a":"\\"\\u00e9","request":{"method":"GET","url":"http://b.test/","headers":[]}}\n]}}`;
  expect(read(text).requests).toHaveLength(2);
  for (let at = 0; at < text.length; at++)
    expect(() => read(text.slice(0, at)), text.slice(0, at)).toThrow(at === 0 ? /is empty/ : /cut off\.$/);
});

test("a head that is none of HTTP, in a recording of ours, does not spoil the others", () => {
  const entry = {
    request: { method: "", url: "http://a b/", headers: [{ name: "X Y", value: "a\0b" }] },
    _ingressDev: { decision: "respond", malformed: true },
  };
  expect(one(entry)).toMatchObject({ method: "", known: { malformed: true } });
});

test.each([
  ['{"log":{', true],
  [' \n{ "log" : {"x"', true],
  ['{"log":"10.0.0.1 - - [', false],
  ['{"time":1,"log":{', false],
  ["10.0.0.1 - -", false],
])("a HAR on standard input is told from a log in JSON: %s", (text, is) => expect(beginsHar(text)).toBe(is));

test("what is written is read again", () => {
  const exchange: PassedExchange = {
    ...{ startedAt: 0, waitMs: 1, durationMs: 2, method: "POST", scheme: "https", host: "a.test:32000" },
    ...{ target: "/a%2Fb?\xc3\xbc=1", version: "1.1", status: 302, statusText: "Found" },
    requestHeaders: ["Host", "a.test:32000", "X-\u0041", "\xc3\xbc", "Cookie", "a=b"],
    requestBody: { bytes: Buffer.from([0, 255]), size: 2 },
    responseHeaders: ["Location", "/\xc3\xbc"],
    responseBody: { bytes: Buffer.from("x"), size: 1 },
    server: { address: "127.0.0.1", port: 32000 },
    known: {
      decision: "forward",
      ingress: "default/a",
      rule: { host: "a.test", path: "/", pathType: "Prefix" },
      backend: { namespace: "default", service: "a", port: "http" },
      upstreamPath: "/",
      why: ["x"],
    },
  };
  const cut = { ...exchange, requestBody: { bytes: Buffer.from("ab"), size: 70_000 } };
  const entries = [exchange, cut].map((each) => harEntry(each, "masked")).join(",\n");
  const { requests, ports } = read(`${harBeginning("1", { http: 1, https: 2 }, "")}\n${entries}${HAR_END}`);
  expect([...ports].sort()).toEqual([1, 2, 32000]);
  expect(requests[0]).toEqual({
    ...{ line: 2, scheme: "https", method: "POST", host: "a.test:32000", target: exchange.target },
    headers: [
      ["Host", "a.test:32000"],
      ["X-A", "\xc3\xbc"],
      ["Cookie", "a=masked"],
    ],
    body: Buffer.from([0, 255]),
    bodySize: 2,
    answer: { status: 302, location: "/\xc3\xbc", text: "x" },
    known: { ...exchange.known, masked: ["cookie"] },
  });
  expect(requests[1]).toMatchObject({ line: 3, body: "cut", bodySize: 70_000 });
});
