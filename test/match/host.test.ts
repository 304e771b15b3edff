import { expect, test } from "vitest";
import { hostName, wildcardOf, withoutPort } from "../../src/request/host.ts";

test.each([
  ["a.test", "a.test"],
  ["A.TEST.:8080", "a.test"],
  ["a.test:", "a.test"],
  ["", ""],
  ["[::1]:31000", "[::1]"],
  ["[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]"],
])("the Host header %j names %j", (header, name) => expect(hostName(header)).toBe(name));

test.each([
  ["A.test:31000", "A.test"],
  ["[::1]:31000", "[::1]"],
  ["a.test", "a.test"],
])("%s without its port is %s", (header, bare) => expect(withoutPort(header)).toBe(bare));

test.each([
  ["bar.foo.com", "*.foo.com"],
  ["baz.bar.foo.com", "*.bar.foo.com"],
  ["foo", undefined],
  ["[::1]", undefined],
  [".foo.com", undefined],
])("the wildcard over %s is %s", (name, wildcard) => expect(wildcardOf(name)).toBe(wildcard));
