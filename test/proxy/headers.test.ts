import { describe, expect, test } from "vitest";
import { headersSet } from "../../src/cli/explain/headers-set.ts";
import { NGINX } from "../../src/plane/nginx.ts";
import { bodyOf, exchangeRaw, headLines, statusOf } from "../support/raw.ts";
import { httpUpstream, onHead, rawUpstream, testProxy } from "./support.ts";

/** An upstream that answers with its received header lines, in order and case. */
async function echoHeaders(): Promise<number> {
  return httpUpstream((request, response) => {
    const lines: string[] = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    response.end(Buffer.from(lines.join("\n"), "latin1"));
  });
}

async function received(port: number, headers: readonly string[], exact: "exact" | "local" = "local") {
  const { port: proxyPort } = await testProxy(port, { exact });
  const head = ["GET / HTTP/1.1", "Host: a.test", ...headers, "Connection: close", "", ""].join("\r\n");
  const answer = await exchangeRaw(proxyPort, head);
  expect(statusOf(answer.text)).toBe(200);
  return { lines: bodyOf(answer.text).split("\n"), proxyPort };
}

function valuesOf(lines: readonly string[], name: string): readonly string[] {
  const prefix = `${name.toLowerCase()}: `;
  return lines
    .filter((line) => line.toLowerCase().startsWith(prefix))
    .map((line) => line.slice(prefix.length));
}

// Measured on the real controller; the rest tried on nginx 1.22.1.
describe("headers to the backend (nginx.tmpl)", () => {
  test("a plain request gets the whole set, and nothing else", async () => {
    const { lines, proxyPort } = await received(await echoHeaders(), ["Accept: */*"]);
    const names = lines.map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
    expect(names.toSorted()).toEqual([
      "accept",
      "host",
      "x-forwarded-for",
      "x-forwarded-host",
      "x-forwarded-port",
      "x-forwarded-proto",
      "x-forwarded-scheme",
      "x-real-ip",
      "x-request-id",
      "x-scheme",
    ]);
    expect(valuesOf(lines, "x-request-id")[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(valuesOf(lines, "x-forwarded-port")).toEqual([String(proxyPort)]);
  });

  test.each([
    // sent by the client                          header                       what the backend gets
    ["X-Request-ID: mine", "X-Request-ID", ["mine"]],
    ["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For", ["127.0.0.1"]],
    ["X-Forwarded-For: 6.6.6.6", "X-Original-Forwarded-For", ["6.6.6.6"]],
    ["X-Forwarded-Host: evil.test", "X-Forwarded-Host", ["a.test"]],
    ["X-Forwarded-Host: evil.test", "X-Original-Forwarded-Host", ["evil.test"]],
    ["X-Forwarded-Proto: https", "X-Forwarded-Proto", ["http"]],
    ["X-Forwarded-Scheme: https", "X-Forwarded-Scheme", ["http"]],
    ["X-Scheme: https", "X-Scheme", ["http"]],
    ["X-Real-IP: 6.6.6.6", "X-Real-IP", ["127.0.0.1"]],
    ["X-Original-Forwarded-For: 6.6.6.6", "X-Original-Forwarded-For", []],
    ["Forwarded: for=6.6.6.6", "Forwarded", ['for=127.0.0.1;host="a.test";proto=http']],
    ["X-Request-ID: one\r\nX-Request-ID: two", "X-Request-ID", ["one"]],
    ["X.Dot: 1", "X.Dot", []],
    ["X!A: 1", "X!A", []],
    ["X~A: 1", "X~A", []],
    ["X+A: 1", "X+A", []],
    ["X-0k: 4", "X-0k", ["4"]],
    ["X-Empty:", "X-Empty", [""]],
    ["Cookie: a=1\r\nCookie: b=2", "Cookie", ["a=1", "b=2"]],
    ["HTTP2-Settings: AAM", "HTTP2-Settings", ["AAM"]],
    ["X_Forwarded_For: 6.6.6.6", "X_Forwarded_For", []],
    ["Proxy: http://evil.test", "Proxy", []],
    ["Keep-Alive: timeout=5", "Keep-Alive", []],
    ["TE: trailers", "TE", []],
    ["Trailer: X-Sum", "Trailer", ["X-Sum"]],
    ["Proxy-Connection: keep-alive", "Proxy-Connection", ["keep-alive"]],
    ["Proxy-Authorization: Basic eA==", "Proxy-Authorization", ["Basic eA=="]],
    ["Upgrade: foo", "Upgrade", ["foo"]],
    ["Upgrade: foo", "Connection", ["upgrade"]],
    ["Expect: foo", "Expect", []],
    ["Connection: X-Plain\r\nX-Plain: 1", "X-Plain", ["1"]],
    ["Connection: X-Plain\r\nX-Plain: 1", "Connection", []],
    ["Connection: X-Forwarded-For, X-Real-IP, Host", "X-Forwarded-For", ["127.0.0.1"]],
    ["Connection: X-Forwarded-For, X-Real-IP, Host", "Host", ["a.test"]],
    ["Content-Type: ;;;", "Content-Type", [";;;"]],
    ["X-Twice: 1\r\nx-twice: 2", "X-Twice", ["1", "2"]],
    ["X-Latin: \xe9\xff", "X-Latin", ["\xe9\xff"]],
    ["Authorization: Bearer x", "Authorization", ["Bearer x"]],
    ["constructor: x", "constructor", ["x"]],
  ])("%s → %s: %j", async (sent, name, values) => {
    const { lines } = await received(await echoHeaders(), [sent]);
    expect(valuesOf(lines, name)).toEqual(values);
  });

  test("--exact: the port is the one that the cluster would show, and Forwarded is the client's", async () => {
    const { lines } = await received(await echoHeaders(), ["Forwarded: for=9.9.9.9"], "exact");
    expect(valuesOf(lines, "x-forwarded-port")).toEqual(["80"]);
    expect(valuesOf(lines, "forwarded")).toEqual(["for=9.9.9.9"]);
  });

  test("explain names what the backend really gets", async () => {
    const { lines, proxyPort } = await received(await echoHeaders(), []);
    const facts = {
      scheme: "http" as const,
      host: "a.test",
      ports: { http: proxyPort, https: 1 },
      exact: false,
      remoteAddress: "127.0.0.1",
    };
    for (const [name, value] of Object.entries(headersSet(NGINX, facts)))
      expect(valuesOf(lines, name), name).toEqual(name === "X-Request-ID" ? [expect.anything()] : [value]);
  });
});

describe("headers to the client", () => {
  test("names, values, order and duplicates stay; Connection, Keep-Alive, Server, Date and X-Accel-* do not (tried on nginx 1.22.1)", async () => {
    const upstream = await rawUpstream((socket) =>
      onHead(socket, () =>
        socket.end(
          Buffer.from(
            [
              "HTTP/1.1 200 Fine",
              "Server: backend",
              "Date: Thu, 01 Jan 1970 00:00:00 GMT",
              "Set-Cookie: a=1",
              "X-LATIN: \xe9\xff",
              "set-cookie: b=2",
              "Keep-Alive: timeout=5",
              "Proxy-Connection: close",
              "X-Accel-Buffering: no",
              "X-Accel-Charset: utf-8",
              "X-Accel-Expires: 3",
              "X-Pad: x",
              "Trailer: X-Sum",
              "TE: x",
              "Upgrade: h2c",
              "X_Under: 1",
              "X-Empty:",
              "Connection: close, X-Hop",
              "X-Hop: 1",
              "Content-Length: 2",
              "",
              "ok",
            ].join("\r\n"),
            "latin1",
          ),
        ),
      ),
    );
    const { port } = await testProxy(upstream);
    const answer = await exchangeRaw(port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    expect(answer.text).toMatch(/^HTTP\/1\.1 200 Fine\r\n/);
    const lines = headLines(answer.text);
    const dates = lines.filter((line) => line.startsWith("Date: "));
    expect(dates).toHaveLength(1);
    expect(dates[0]).not.toContain("1970");
    expect(lines.filter((line) => !line.startsWith("Date: "))).toEqual([
      "Set-Cookie: a=1",
      "X-LATIN: \xe9\xff",
      "set-cookie: b=2",
      "Proxy-Connection: close",
      "Trailer: X-Sum",
      "TE: x",
      "Upgrade: h2c",
      "X_Under: 1",
      "X-Empty: ",
      "X-Hop: 1",
      "Content-Length: 2",
      "Connection: close",
    ]);
    expect(bodyOf(answer.text)).toBe("ok");
  });
});
