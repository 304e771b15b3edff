import { describe, expect, test } from "vitest";
import type { PassedExchange } from "../../src/har/passed-exchange.ts";
import { HAR_END, harBeginning, harEntry } from "../../src/har/write-har.ts";
import { harFaults } from "./har-shape.ts";

const NOTHING = { bytes: Buffer.alloc(0), size: 0 };

function bodyOf(text: string | Buffer, size?: number) {
  const bytes = Buffer.from(text);
  return { bytes, size: size ?? bytes.length };
}

const PLAIN: PassedExchange = {
  ...{
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    waitMs: 1.234,
    durationMs: 3,
    method: "GET",
    scheme: "http",
  },
  ...{ host: "a.test:31000", target: "/x?a=b%20c&d", version: "1.1" },
  requestHeaders: ["Host", "a.test:31000"],
  requestBody: NOTHING,
  ...{ status: 200, statusText: "OK", responseHeaders: ["Content-Type", "text/plain"] },
  responseBody: bodyOf("hello"),
  server: { address: "127.0.0.1", port: 31000 },
  known: { decision: "forward" },
};

function written(more: Partial<PassedExchange>, secrets: "masked" | "written" = "masked") {
  const text = `${harBeginning("1.0.0", { http: 1, https: 2 }, "x")}\n${harEntry({ ...PLAIN, ...more }, secrets)}${HAR_END}`;
  const har = JSON.parse(text);
  expect(harFaults(har)).toEqual([]);
  return har.log.entries[0];
}

test("the validator of HAR 1.2 finds what is missing, of another kind, or not in it", () => {
  const text = `${harBeginning("1.0.0", { http: 1, https: 2 }, "x")}${harEntry(PLAIN, "masked")}${HAR_END}`;
  const broken = (change: (log: Record<string, never>) => void) => {
    const har = JSON.parse(text);
    change(har.log);
    return harFaults(har);
  };
  expect(broken(() => undefined)).toEqual([]);
  expect(broken((log) => Reflect.deleteProperty(log, "version"))).toHaveLength(1);
  expect(broken((log) => Reflect.set(log, "more", 1))).toHaveLength(1);
  expect(broken((log) => Reflect.set(log.entries?.[0] ?? {}, "time", null))).toHaveLength(1);
});

test("an entry has the URL as sent, the query decoded, times that add up, and what ingress-dev knows", () => {
  const entry = written({});
  expect(entry).toMatchObject({
    startedDateTime: "2026-01-02T03:04:05.006Z",
    time: 3,
    timings: { send: 0, wait: 1.23, receive: 1.77 },
    request: {
      ...{ method: "GET", url: "http://a.test:31000/x?a=b%20c&d", httpVersion: "HTTP/1.1", bodySize: 0 },
      queryString: [
        { name: "a", value: "b c" },
        { name: "d", value: "" },
      ],
    },
    response: { status: 200, content: { size: 5, text: "hello", mimeType: "text/plain" } },
    _ingressDev: { decision: "forward" },
  });
  expect(entry.request.postData).toBeUndefined();
});

describe("bodies", () => {
  const WIDE = "ü€😀".repeat(10);
  const CODED = ["Content-Type", "text/html", "Content-Encoding", "gzip"];
  test.each<[string, Partial<PassedExchange>, Record<string, unknown>]>([
    ["text", { responseBody: bodyOf(WIDE) }, { size: 90, text: WIDE }],
    [
      "cut within a character",
      { responseBody: bodyOf(Buffer.from(WIDE).subarray(0, 11), 90) },
      { size: 90, text: "ü€😀ü", comment: "the first 11 of 90 bytes" },
    ],
    [
      "bytes",
      { responseBody: bodyOf(Buffer.from([0, 255])), responseHeaders: ["Content-Type", "image/png"] },
      { size: 2, text: "AP8=", encoding: "base64" },
    ],
    [
      "text by its type, which is none",
      { responseBody: bodyOf(Buffer.from([104, 255])) },
      { size: 2, text: "aP8=", encoding: "base64" },
    ],
    [
      "coded",
      { responseBody: bodyOf("gggg"), decoded: Buffer.from("plain text"), responseHeaders: CODED },
      { size: 10, text: "plain text", compression: 6 },
    ],
    [
      "coded, and not known without it",
      { responseBody: bodyOf("gggg"), responseHeaders: CODED },
      { size: 4, text: "Z2dnZw==", encoding: "base64", comment: "coded by gzip" },
    ],
    ["none", { responseBody: NOTHING, responseHeaders: [] }, { size: 0, mimeType: "x-unknown" }],
  ])("%s", (_, more, content) => expect(written(more).response.content).toMatchObject(content));

  test.each<[string, Buffer | string, number | undefined, Record<string, unknown>]>([
    ["a form", "a=b", undefined, { text: "a=b" }],
    ["bytes", Buffer.from([0, 1, 255]), undefined, { text: "AAH/", _encoding: "base64" }],
    ["cut", "abc", 100, { text: "abc", comment: "the first 3 of 100 bytes" }],
  ])("of a request: %s", (_, bytes, size, postData) => {
    const entry = written({ requestBody: bodyOf(bytes, size), method: "POST" });
    expect(entry.request.postData).toMatchObject(postData);
    expect(entry._ingressDev.requestBytes).toBe(size ?? Buffer.from(bytes).length);
    expect(entry._ingressDev.requestCut).toBe(size === undefined ? undefined : true);
  });
});

describe("secrets", () => {
  const REQUEST = [
    ...["Host", "a.test", "Cookie", 's="key"; canary=always; t=', "Authorization", "Bearer abc.def"],
    ...["Proxy-Authorization", "Basic dTpw", "X-Other", "abc"],
  ];
  const RESPONSE = ["Set-Cookie", "s=k1; Path=/; HttpOnly; Max-Age=3", "Content-Type", "application/json"];
  const echo = JSON.stringify({ cookie: REQUEST[3], authorization: "Bearer abc.def" });
  const secret = { requestHeaders: REQUEST, responseHeaders: RESPONSE, responseBody: bodyOf(echo) };

  test("values that log in are masked, also where an echo repeats them; names, canaries and all else stay", () => {
    const entry = written(secret);
    const values = Object.fromEntries(
      entry.request.headers.map(({ name, value }: Record<string, string>) => [name, value]),
    );
    expect(values).toEqual({
      Host: "a.test",
      Cookie: "s=masked; canary=always; t=",
      Authorization: "Bearer masked",
      "Proxy-Authorization": "Basic bWFza2VkOm1hc2tlZA==",
      "X-Other": "abc",
    });
    expect(entry.request.cookies).toContainEqual({ name: "s", value: "masked" });
    expect(entry.response.headers[0].value).toBe("s=masked; Path=/; HttpOnly; Max-Age=3");
    expect(entry.response.cookies).toEqual([
      { name: "s", value: "masked", path: "/", httpOnly: true, secure: false },
    ]);
    expect(JSON.stringify(entry)).not.toMatch(/key|abc\.def|dTpw|k1/);
    expect(entry._ingressDev.masked).toEqual([
      "cookie",
      "authorization",
      "proxy-authorization",
      "set-cookie",
    ]);
  });

  test("with --record-secrets all is as sent", () => {
    const entry = written(secret, "written");
    expect(entry.request.headers[1]).toEqual({ name: "Cookie", value: REQUEST[3] });
    expect(entry.response.content.text).toBe(echo);
    expect(entry._ingressDev.masked).toBeUndefined();
  });
});

test("what has no URL has one nevertheless, and says that it cannot be sent again", () => {
  const entry = written({ target: "*", host: "", method: "OPTIONS" });
  expect(entry.request.url).toBe("http://127.0.0.1:31000/");
  expect(entry._ingressDev.malformed).toBe(true);
  expect(written({ target: "/\xff" })._ingressDev.malformed).toBe(true);
  expect(written({ target: "/\xc3\xbc" })._ingressDev.malformed).toBeUndefined();
});

test("bytes of headers and paths are text where they are UTF-8", () => {
  const bytes = Buffer.from("/ü", "utf8").toString("latin1");
  const entry = written({ target: bytes, requestHeaders: ["X-A", "\xff", "X-B", bytes] });
  expect(entry.request.url).toBe("http://a.test:31000/ü");
  expect(entry.request.headers.map(({ value }: Record<string, string>) => value)).toEqual(["\xff", "/ü"]);
});
