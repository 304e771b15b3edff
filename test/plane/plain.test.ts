import { describe, expect, test } from "vitest";
import type { Hop } from "../../src/model/plane.ts";
import { reason } from "../../src/model/reason.ts";
import { comparablePath, readPlainPath } from "../../src/plane/plain/read-path.ts";
import { PLAIN } from "../../src/plane/plain.ts";

describe("paths", () => {
  // Equivalent as URIs (RFC 3986 section 6.2.2), so equal; the rest is as the client wrote it.
  test.each([
    // as sent              compared as
    ["/a/b", "/a/b"],
    ["/%61/%7Eb", "/a/~b"],
    ["/a%2fb", "/a%2Fb"],
    ["/a%2Fb", "/a%2Fb"],
    ["/%2e%2E/x", "/../x"],
    ["/a//b/./c/..", "/a//b/./c/.."],
    ["/A", "/A"],
    ["/a b", "/a%20b"],
    ["/\xc3\xa4", "/%C3%A4"],
    ["/%c3%a4", "/%C3%A4"],
    ["/a%zz%", "/a%zz%"],
    ["/a#b", "/a%23b"],
    ["/!$&'()*+,;=:@", "/!$&'()*+,;=:@"],
    ["/%21%24", "/%21%24"],
  ])("%j is compared as %j", (sent, compared) => {
    expect(comparablePath(sent)).toBe(compared);
    expect(comparablePath(compared)).toBe(compared);
  });

  test.each([
    ["/a?b=%61", "/a", "b=%61"],
    ["/a?", "/a", ""],
    ["/a%3Fb?c?d", "/a%3Fb", "c?d"],
  ])("%j has the path %j and the query %j", (target, path, query) =>
    expect(readPlainPath(target)).toMatchObject({ path, query }));
});

const HOP: Hop = {
  ...{ host: "a.test:31000", remoteAddress: "192.0.2.7", port: "31000" },
  ...{ scheme: "http", requestId: "id", exact: false },
};

/** Headers that a backend gets from these, one per line. */
function sent(...raw: readonly string[]): readonly string[] {
  const lines = PLAIN.requestHeaders(PLAIN.readHeaders(raw), HOP, "", undefined);
  return lines.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${lines[i + 1]}`] : []));
}

const OWN = [
  "Host: a.test:31000",
  "X-Forwarded-For: 192.0.2.7",
  "X-Forwarded-Host: a.test:31000",
  "X-Forwarded-Proto: http",
];

describe("headers to the backend", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["nothing of nginx's", ["Host", "a.test:31000", "Accept", "*/*"], [...OWN, "Accept: */*"]],
    ["what a client says of its way is replaced", ["X-Forwarded-For", "6.6.6.6", "Forwarded", "for=6"], OWN],
    ["an id of the client's stays", ["X-Request-ID", "mine"], [...OWN, "X-Request-ID: mine"]],
    ["a name may be any token", ["x_under.score", "1", "a b", "2"], [...OWN, "x_under.score: 1"]],
    [
      "hop by hop, those that Connection names too (RFC 9110 section 7.6.1)",
      ["Connection", "close, X-Mine", "X-Mine", "1", "Keep-Alive", "1", "TE", "trailers", "X-Other", "2"],
      [...OWN, "X-Other: 2"],
    ],
    [
      "an upgrade is asked for",
      ["Connection", "Upgrade", "Upgrade", "websocket"],
      [OWN[0] ?? "", "Upgrade: websocket", "Connection: upgrade", ...OWN.slice(1)],
    ],
    [
      "crumbs of HTTP/2 are one cookie (RFC 9113 section 8.2.3)",
      [":path", "/", "cookie", "a=1", "cookie", "b=2"],
      [...OWN, "cookie: a=1; b=2"],
    ],
    [
      "lines of one name stay as they are",
      ["Accept", "a", "Accept", "b", "Cookie", "a=1", "Cookie", "b=2"],
      [...OWN, "Accept: a", "Accept: b", "Cookie: a=1", "Cookie: b=2"],
    ],
  ])("%s", (_, raw, lines) => expect(sent(...raw)).toEqual(lines));
});

test("the host of a target in absolute form replaces Host (RFC 9112 section 3.2.2)", () => {
  const lines = PLAIN.requestHeaders(PLAIN.readHeaders([]), { ...HOP, authority: "b.test" }, "", undefined);
  expect(lines.slice(0, 2)).toEqual(["Host", "b.test"]);
});

describe("answers", () => {
  test.each([
    [404, "404 Not Found\n"],
    [413, "413 Content Too Large\n"],
    [431, "431 Request Header Fields Too Large\n"],
    [599, "599\n"],
  ])("%i is %j", (status, body) =>
    expect(PLAIN.answer({ status })).toEqual({ body, contentType: "text/plain; charset=utf-8" }));

  test("why is below the status, for whoever may read it", () => {
    const why = [reason("no-rule-for-host", "no rule names this host"), reason("bad-host", "ä")];
    expect(PLAIN.answer({ status: 404, why }).body).toBe("404 Not Found\n\n- no rule names this host\n- ä\n");
  });
});
