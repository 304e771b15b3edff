import { describe, expect, test } from "vitest";
import { rawRequestFacts, requestFacts, type Surrounding } from "../../src/cli/predict/request-facts.ts";
import { planeBy } from "../../src/compile/gateway-api/listeners/client-policy.ts";
import type { Hop } from "../../src/model/plane.ts";
import { envoyPlane } from "../../src/plane/envoy.ts";

const ENVOY = envoyPlane();

describe("paths, measured on Envoy 1.40", () => {
  test.each([
    // as sent                    as routes and backends see it
    ["/a/b?x=%41", "/a/b?x=%41"],
    ["/a?", "/a?"],
    ["/%41%7e", "/A~"],
    ["/a%2Fb%5c%zz%", "/a%2Fb%5c%zz%"],
    ["/a\\b", "/a/b"],
    ['/a"<>`{|}^', "/a%22%3C%3E%60%7B%7C%7D%5E"],
    ["/a/./b/%2e%2e/c", "/a/c"],
    ["/../../a/..", "/"],
    ["/foo/..;x/y", "/y"],
    ["/foo/%2e%2e;/y", "/foo/..;/y"],
    ["/a//b///", "/a/b/"],
    ["//", "//"],
    ["///", "//"],
  ])("%j is %j", (sent, seen) => expect(ENVOY.readPath(sent)?.sent).toBe(seen));

  test.each(["a", "/a#b", "/a b", "/\xe9", "/%00"])("%j is refused", (sent) =>
    expect(ENVOY.readPath(sent)).toBeUndefined());

  test("merge_slashes may be off", () =>
    expect(envoyPlane({ slashes: "kept" }).readPath("//a//b")?.path).toBe("//a//b"));
});

test.each([
  ["App.TEST:8080", "app.test"],
  ["app.test.", "app.test."],
  ["[::1]:80", "[::1]"],
  ["", ""],
])("the host of %j is %j", (header, host) => expect(ENVOY.readHost(header)).toBe(host));

test("a dot at the end is cut if it is configured so", () =>
  expect(envoyPlane({ hostDot: "cut" }).readHost("app.test.:80")).toBe("app.test"));

const SURROUNDING: Surrounding & { readonly scheme: "http" } = {
  ...{ scheme: "http", ports: { http: 80, https: 443 }, exact: true },
  ...{ remoteAddress: "127.0.0.1", chance: 0, noEndpoints: () => undefined },
};

describe("requests without a search for a route", () => {
  const of = (text: string) => ENVOY.refuse(rawRequestFacts(text, ENVOY, SURROUNDING));
  const line = (many: number) => `X: ${"x".repeat(many)}\r\n`;
  test.each([
    ["GET / HTTP/1.1\r\n\r\n", 400, ""],
    ["GET / HTTP/1.0\r\n\r\n", 400, ""],
    ["GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["FOO / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["get / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["M-SEARCH / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["CONNECT a.test HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "Bad Request"],
    ["GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "Bad Request"],
    ["GET / HTTP/1.1\r\nHost: a|b\r\n\r\n", 400, "Bad Request"],
    ["FOO / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["M-SEARCH / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request"],
    ["QUERY / HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""],
    ["GET / HTTP/1.1\r\nHost: a\r\n(x): 1\r\n\r\n", 400, "Bad Request"],
    ["GET / HTTP/1.1\r\nHost: a\r\nx: \x01\r\n\r\n", 400, "Bad Request"],
    [`GET / HTTP/1.1\r\nHost: a\r\n${line(61_500)}\r\n`, 431, "Request Header Fields Too Large"],
    [`GET / HTTP/1.1\r\nHost: a\r\n${line(1).repeat(100)}\r\n`, 431, "Request Header Fields Too Large"],
  ])("%#: %s", (text, status, body) => {
    const refused = of(text);
    expect(refused?.status).toBe(status);
    expect(ENVOY.answer({ status, text: refused?.text }).body).toBe(body);
  });

  test.each(["OPTIONS *", "CONNECT a.test:443"])("%s has no route", (start) => {
    const [method = "", target = ""] = start.split(" ");
    const asked = { scheme: "http", method, target, headers: [["Host", "a"]] } as const;
    expect(ENVOY.refuse(requestFacts(asked, ENVOY, SURROUNDING))).toMatchObject({ status: 404 });
  });

  test.each([
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "TRACE / HTTP/1.1\r\nHost:\r\n\r\n",
    "MKCOL / HTTP/1.1\r\nHost: a@b:80\t\r\n\r\n",
    "QUERY / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nx!#$%&'*+-.^`|~: \xe9\tb\r\n\r\n",
    `GET / HTTP/1.1\r\nHost: a\r\n${line(1).repeat(99)}\r\n`,
    `GET / HTTP/1.1\r\nHost: a\r\n${line(61_300)}\r\n`,
  ])("%#: a route is looked for", (text) => expect(of(text)).toBeUndefined());
});

test("headers of a backend's request", () => {
  const hop: Hop = {
    ...{ host: "app.test:8080", remoteAddress: "192.0.2.7", port: "80" },
    ...{ scheme: "https", requestId: "id", exact: true },
  };
  const raw = [
    ...[
      "Host",
      "app.test:8080",
      "Connection",
      "close, X-Hop",
      "X-Hop",
      "1",
      "X_Under",
      "u",
      "TE",
      "trailers",
    ],
    ...["X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "gopher", "X-Forwarded-Host", "h"],
    ...["X-Envoy-Retry-On", "5xx", "X-Envoy-Foo", "f", "X-Forwarded-Client-Cert", "c", "X-Request-ID", "id"],
  ];
  const lines = ENVOY.requestHeaders(ENVOY.readHeaders(raw), hop, "3", undefined);
  expect(lines).toEqual([
    ...["host", "app.test:8080", "x-forwarded-for", "192.0.2.1,192.0.2.7", "x-forwarded-proto", "https"],
    ...["x-request-id", "id", "x-envoy-external-address", "192.0.2.7", "Content-Length", "3"],
    ...["x_under", "u", "te", "trailers", "x-forwarded-host", "h", "x-envoy-foo", "f"],
  ]);
});

test.each([
  ["Envoy replaces a backend's Server", ENVOY, [["server", "envoy"]], true],
  ["Envoy Gateway's passes it, and sets none", planeBy({}), undefined, false],
] as const)("%s", (_, plane, everywhere, isHidden) => {
  expect(plane.everywhere).toEqual(everywhere);
  expect(plane.hidden.proxy.has("server")).toBe(isHidden);
});
