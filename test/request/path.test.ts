import { expect, test } from "vitest";
import { escapeArgs, escapeUri, normalisePath } from "../../src/request/path.ts";

test.each([
  // raw target               path            query        what the case shows
  ["/", "/", "", "nothing to do"],
  ["/a/b?x=1", "/a/b", "x=1", "the query is split off"],
  ["/a?x=/../b", "/a", "x=/../b", "the query is left alone"],
  ["/a??b", "/a", "?b", "only the first ? splits"],
  ["/a?", "/a", "", "an empty query"],
  ["/a#f", "/a", "", "a fragment ends the path"],
  ["/a?x#f", "/a", "x", "a fragment ends the query"],
  ["//a///b", "/a/b", "", "slashes merge"],
  ["/a/./b", "/a/b", "", "a dot is nothing"],
  ["/a/../b", "/b", "", "two dots go up"],
  ["/a/.", "/a/", "", "a dot at the end leaves the slash"],
  ["/a/b/..", "/a/", "", "two dots at the end leave the slash"],
  ["/a//../b", "/b", "", "two dots go up over a doubled slash as over one"],
  ["/...", "/...", "", "three dots are a name"],
  ["/..foo/foo..", "/..foo/foo..", "", "dots inside a name"],
  ["/a%2Fb", "/a/b", "", "an encoded slash separates"],
  ["/a/%2e%2e/b", "/b", "", "encoded dots go up"],
  ["/a/.%2e/b", "/b", "", "half encoded dots as well"],
  ["/a%2f%2Fb", "/a/b", "", "encoded slashes merge"],
  ["/a%252eb", "/a%2eb", "", "decoded once, not twice"],
  ["/a%3fb%23c", "/a?b#c", "", "an encoded ? or # is part of the path"],
  ["/%E9", "/\xe9", "", "any byte"],
  ["/\xc3\xa9", "/\xc3\xa9", "", "raw bytes"],
  ["/a+b", "/a+b", "", "a plus is a plus"],
])("%s is %s with query %j: %s", (target, path, query) => {
  expect(normalisePath(target)).toMatchObject({ path, query });
});

test.each([
  ["/..", "above the root"],
  ["/%2e%2e/", "above the root, encoded"],
  ["/p/../../etc", "above the root, later"],
  ["/%00", "a NUL"],
  ["/%", "a bare percent sign"],
  ["/%1", "half an escape"],
  ["/%zz", "no hexadecimal"],
  ["/a%2", "half an escape at the end"],
])("%s is refused: %s", (target) => {
  expect(normalisePath(target)).toBeUndefined();
});

test.each([
  [escapeUri, "/a b%c?d#e", "/a%20b%25c%3Fd%23e"],
  [escapeUri, '/"<>\\^`{|}\x7f\xe9', "/%22%3C%3E%5C%5E%60%7B%7C%7D%7F%E9"],
  [escapeUri, "/~-._!$&'()*+,;=:@", "/~-._!$&'()*+,;=:@"],
  [escapeArgs, "/a&b+c;d", "/a%26b%2Bc%3Bd"],
])("%o escapes %s as nginx does", (escapeOf, text, escaped) => {
  expect(escapeOf(text)).toBe(escaped);
});
