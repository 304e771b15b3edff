import { expect, test } from "vitest";
import { readHeader, readRequestUrl } from "../../src/cli/predict/request-url.ts";

test.each([
  // URL                                    scheme   Host header            request target
  ["http://www.basic1.com/path1", "http", "www.basic1.com", "/path1"],
  ["HTTPS://www.basic1.com", "https", "www.basic1.com", "/"],
  ["www.basic1.com/path1", "http", "www.basic1.com", "/path1"],
  ["www.basic1.com:31000/path1?a=b#top", "http", "www.basic1.com:31000", "/path1?a=b"],
  ["www.basic1.com:32000", "https", "www.basic1.com:32000", "/"],
  ["www.basic1.com:443/", "https", "www.basic1.com:443", "/"],
  ["http://www.basic1.com:32000/", "http", "www.basic1.com:32000", "/"],
  ["localhost:8080", "http", "localhost:8080", "/"],
  ["http://shop.test?a?b", "http", "shop.test", "/?a?b"],
  ["http://shop.test/a/../b//c/./d%2Fe%zz", "http", "shop.test", "/a/../b//c/./d%2Fe%zz"],
  ["http://shop.test/caf\u00e9", "http", "shop.test", "/caf\u00c3\u00a9"],
  ["http://b\u00fccher.test/", "http", "xn--bcher-kva.test", "/"],
  ["http://Shop.Test./", "http", "Shop.Test.", "/"],
  ["http://[::1]:31000/", "http", "[::1]:31000", "/"],
  ["http://shop.test:/", "http", "shop.test", "/"],
  ["/path1", "http", "", "/path1"],
])("%s", (url, scheme, host, target) => {
  expect(readRequestUrl(url, 32000)).toEqual({ scheme, host, target });
});

test.each([
  // URL                         why it is none
  ["ftp://shop.test/", "the scheme is ftp"],
  ["http:///path", "it has no host"],
  ["", "it has no host"],
  ["http://shop.test:http/", '"http" is no port'],
  ["http://shop.test:70000/", '"70000" is no port'],
  ["http://a b.test/", "blanks and control characters"],
  ["http://shop.test/\u001b[2J", "blanks and control characters"],
  ["http://me@shop.test/", "a user name has no place in it"],
  ["http://[::1/", "[ is no IPv6 address"],
  ["http://[nonsense]/", "[nonsense] is no IPv6 address"],
  ["http://a..b/", '"a..b" is no host name'],
  ["http://<shop>/", '"<shop>" is no host name'],
])("%j is refused", (url, why) => {
  expect(() => readRequestUrl(url, 32000)).toThrow(why);
  expect(() => readRequestUrl(url, 32000)).toThrow(`"${url}" is no URL that a request can have`);
});

test.each([
  ["X-Team: a", ["X-Team", "a"]],
  ["Host:shop.test", ["Host", "shop.test"]],
  ["X-Empty:", ["X-Empty", ""]],
  ["X-Time: 12:00", ["X-Time", "12:00"]],
])("header %j", (text, header) => expect(readHeader(text)).toEqual(header));

test.each(["X-Team", ": a", "X Team: a", "X-Team: a\r\nX-Other: b"])("%j is no header", (text) =>
  expect(() => readHeader(text)).toThrow("is not of the form"));
