import { expect, test } from "vitest";
import { chooseHosts } from "../../src/hosts/names.ts";

const FILE = "hosts";
const choose = (hosts: readonly string[], ...lines: readonly string[]) =>
  chooseHosts(
    hosts,
    lines.map((line, i) => ({ line, number: i + 1 })),
    FILE,
  );

test.each([
  ["www.basic1.com", "www.basic1.com"],
  ["WWW.Basic1.COM", "www.basic1.com"],
  ["a", "a"],
  ["xn--mnchen-3ya.example", "xn--mnchen-3ya.example"],
  [`${"a".repeat(63)}.test`, `${"a".repeat(63)}.test`],
  [`${"a.".repeat(126)}b`, `${"a.".repeat(126)}b`],
  ["app.localhost", "app.localhost"],
])("%s is written", (host, written) => expect(choose([host])).toEqual({ hosts: [written], skipped: [] }));

test("each once", () => expect(choose(["a.test", "A.test", "a.test"]).hosts).toEqual(["a.test"]));

test.each([
  ["*.foo.com", "warning", "a hosts file cannot hold a wildcard"],
  ["*", "warning", "a hosts file cannot hold a wildcard"],
  ["a.*.foo.com", "warning", "a hosts file cannot hold a wildcard"],
  ["localhost", "notice", "every system has it already"],
  ["LOCALHOST", "notice", "every system has it already"],
  ["", "notice", "a rule without a host"],
  ["10.0.0.1", "warning", "an address"],
  ["::1", "warning", "an address"],
  ["127.1", "warning", "an address"],
  ["0x7f.1", "warning", "an address"],
  ["2130706433", "warning", "an address"],
  ["a.test\n6.6.6.6 bank.com", "warning", "not a valid name"],
  ["a.test\n", "warning", "not a valid name"],
  ["a.test\r", "warning", "not a valid name"],
  ["a.test b.test", "warning", "not a valid name"],
  ["a.test\tb.test", "warning", "not a valid name"],
  ["a#b", "warning", "not a valid name"],
  ["a\0b", "warning", "not a valid name"],
  ["a_b.test", "warning", "not a valid name"],
  ["-a.test", "warning", "not a valid name"],
  ["a-.test", "warning", "not a valid name"],
  ["a..test", "warning", "not a valid name"],
  ["a.test.", "warning", "not a valid name"],
  [".test", "warning", "not a valid name"],
  ["münchen.test", "warning", "not a valid name"],
  ["\u212a.test", "warning", "not a valid name"],
  ["~^www\\d+", "warning", "not a valid name"],
  [`${"a".repeat(64)}.test`, "warning", "not a valid name"],
  [`${"a.".repeat(127)}bc`, "warning", "longer than 253"],
])("%j is skipped: %s, %s", (host, level, why) => {
  const { hosts, skipped } = choose([host]);
  expect(hosts).toEqual([]);
  expect(skipped).toEqual([{ host, level, why: expect.stringContaining(why) }]);
});

test.each([
  // the user's line                      level      why
  ["127.0.0.1 a.test", "notice", "hosts:1 already has it at 127.0.0.1"],
  ["127.0.1.1\tother A.Test # mine", "notice", "hosts:1 already has it at 127.0.1.1"],
  ["::1 a.test", "notice", "hosts:1 already has it at ::1"],
  ["0:0:0:0:0:0:0:1 a.test", "notice", "already has it"],
  ["\xef\xbb\xbf127.0.0.1 a.test", "notice", "hosts:1"],
  ["  10.0.0.7 x y a.test\r\n", "warning", "hosts:1 sends it to 10.0.0.7"],
  ["0.0.0.0 a.test", "warning", "hosts:1 sends it to 0.0.0.0"],
  ["fe80::1%eth0 a.test", "warning", "hosts:1 sends it to fe80::1%eth0"],
])("the user's %j: %s, %s", (line, level, why) => {
  const { hosts, skipped } = choose(["a.test", "b.test"], line);
  expect(hosts).toEqual(["b.test"]);
  expect(skipped).toEqual([{ host: "a.test", level, why: expect.stringContaining(why) }]);
});

test.each([
  "# 127.0.0.1 a.test",
  "127.0.0.1 b # a.test",
  "a.test 127.0.0.1",
  "127.1 a.test",
  "127.0.0.1",
  "",
])("the user's %j does not name it", (line) =>
  expect(choose(["a.test"], line)).toEqual({ hosts: ["a.test"], skipped: [] }));

test("of two lines of the user's the one that leads away is reported", () =>
  expect(choose(["a.test"], "127.0.0.1 a.test", "10.0.0.7 a.test").skipped).toEqual([
    { host: "a.test", level: "warning", why: expect.stringContaining("hosts:2 sends it to 10.0.0.7") },
  ]));
