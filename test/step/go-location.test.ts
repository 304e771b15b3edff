import { expect, test } from "vitest";
import { goLocation } from "../../src/step/traefik/go-location.ts";

/** Each URL with what Go's url.Parse and String make of it; `undefined`: Parse refuses it. */
const LOCATIONS: readonly (readonly [url: string, location: string | undefined])[] = [
  ["https://a.test/b?c#d", "https://a.test/b?c#d"],
  ["HTTP://A.test/B", "http://A.test/B"],
  ["http://a.test:/b", "http://a.test:/b"],
  ["http://a.test:x/b", undefined],
  ["http://a:b:81/c", "http://a:b:81/c"],
  ["http://[::1]:80/a", "http://[::1]:80/a"],
  ["http://[::1", undefined],
  ["http://a[b]/c", undefined],
  ["http://a b/", undefined],
  ["http://a/ b", "http://a/%20b"],
  ["http://\xc3\xa9.test/", "http://%C3%A9.test/"],
  ["http://%c3%a9.test/", "http://%C3%A9.test/"],
  ["http://%41/", undefined],
  ["http://u:p@q@a.test/", "http://u:p%40q@a.test/"],
  ["http://a/%zz", undefined],
  ["http://a/#f g", "http://a/#f%20g"],
  ["http://a/#f%zz", undefined],
  ["http:///a", "http:///a"],
  ["http://", "http:"],
  ["//a.test/b", "//a.test/b"],
  ["///a", "///a"],
  ["mailto:a@b?c", "mailto:a@b?c"],
  ["://x", undefined],
  ["a:b", "a:b"],
  ["1a:b", undefined],
  ["./x:y", "./x:y"],
  ["\\x%3Ay", "./%5Cx:y"],
  ["?", "?"],
  ["", ""],
  ["\thttp://a", undefined],
];

test.each(LOCATIONS)("%j is %j", (url, location) => {
  expect(goLocation(url)).toBe(location);
});
