import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { isLocal, ownAddresses } from "../../src/verify/local-address.ts";
import { addressOf, reachedTarget, requireReachable } from "../../src/verify/reach.ts";
import { readResolve, resolvedBy } from "../../src/verify/resolve-option.ts";
import { readTarget } from "../../src/verify/target.ts";
import { closedPort } from "./misbehaving.ts";

test.each([
  ["http://203.0.113.7", {}, "203.0.113.7", { http: 80 }],
  ["https://203.0.113.7", {}, "203.0.113.7", { https: 443 }],
  ["HTTPS://lb.example.com/", {}, "lb.example.com", { https: 443 }],
  ["http://127.0.0.1:31000", {}, "127.0.0.1", { http: 31000 }],
  ["http://127.0.0.1:31000", { https: 32000 }, "127.0.0.1", { http: 31000, https: 32000 }],
  ["203.0.113.7", {}, "203.0.113.7", { http: 80, https: 443 }],
  ["localhost", { http: 31000, https: 32000 }, "localhost", { http: 31000, https: 32000 }],
  ["http://a.test", { http: 8080 }, "a.test", { http: 8080 }],
  ["a.test:8080", {}, "a.test", { http: 8080 }],
  ["a.test:443", {}, "a.test", { https: 443 }],
  ["[::1]", {}, "::1", { http: 80, https: 443 }],
  ["https://[2001:db8::1]:8443", {}, "2001:db8::1", { https: 8443 }],
] as const)("the target %s with %j", (text, given, host, ports) =>
  expect(readTarget(text, given)).toEqual({ text, host, ports }));

test.each([
  ["ftp://a.test", {}, /scheme is ftp/],
  ["http://a.test/cart", {}, /path has no place/],
  ["http://a.test?x", {}, /path has no place/],
  ["http://user@a.test", {}, /user name/],
  ["http://a.test:0", {}, /0 is no port/],
  ["http://a.test:65536", {}, /65536 is no port/],
  ["a.test:port", {}, /no address/],
  ["::1", {}, /brackets/],
  ["[::1", {}, /no address/],
  ["[nonsense]", {}, /no IPv6 address/],
  ["300.1.1.1", {}, /no IPv4 address/],
  ["http://a b", {}, /no name/],
  ["", {}, /no address/],
  ["http://", {}, /no address/],
  ["http://a.test:80", { http: 81 }, /--http-port/],
])("the target %j is refused", (text, given, why) => {
  expect(() => readTarget(text, given)).toThrow(UserError);
  expect(() => readTarget(text, given)).toThrow(why);
});

test.each([
  ["shop.test:443:203.0.113.7", { host: "shop.test", port: 443, address: "203.0.113.7" }],
  ["Shop.Test:80:[::1]", { host: "shop.test", port: 80, address: "::1" }],
  ["shop.test:80:2001:db8::1", { host: "shop.test", port: 80, address: "2001:db8::1" }],
  ["*:443:127.0.0.1", { host: "*", port: 443, address: "127.0.0.1" }],
])("--resolve %s", (text, rule) => expect(readResolve(text)).toEqual({ text, ...rule }));

test.each([
  "shop.test",
  "shop.test:443",
  "shop.test:x:127.0.0.1",
  "shop.test:0:127.0.0.1",
  "shop.test:443:name",
  ":443:127.0.0.1",
  "",
])("--resolve %j is refused", (text) => expect(() => readResolve(text)).toThrow(UserError));

test("the host's rule comes before the one for every host, and a port is another place", () => {
  const rules = ["*:443:127.0.0.9", "a.test:443:127.0.0.2", "a.test:80:127.0.0.3"].map(readResolve);
  const of = (host: string, port: number) => resolvedBy(rules, host, port)?.address;
  expect([of("A.test:443", 443), of("a.test.", 80), of("b.test", 443), of("b.test", 80)]).toEqual([
    "127.0.0.2",
    "127.0.0.3",
    "127.0.0.9",
    undefined,
  ]);
});

test("a request goes to its host's address, else to the target's", async () => {
  const rules = ["a.test:8443:127.0.0.2", "lb.test:8443:127.0.0.3"].map(readResolve);
  const reached = await reachedTarget(readTarget("https://lb.test:8443", {}), rules);
  const to = (scheme: "http" | "https", host: string) =>
    addressOf({ scheme, headers: [["Host", host]] }, reached);
  expect(to("https", "a.test")).toEqual({ address: "127.0.0.2", port: 8443 });
  expect(to("https", "b.test")).toEqual({ address: "127.0.0.3", port: 8443 });
  expect(to("http", "a.test")).toBeUndefined();
});

test("a name without address, and an address that nobody listens on, are errors that name them", async () => {
  const target = readTarget("http://no-such-host.invalid", {});
  await expect(reachedTarget(target, [])).rejects.toThrow(/no-such-host\.invalid has no address/);
  const port = await closedPort();
  await expect(requireReachable({ address: "127.0.0.1", port }, 20_000)).rejects.toThrow(
    `127.0.0.1:${port} cannot be reached: the connection was refused. Nothing was compared.`,
  );
});

describe("local is this computer alone", () => {
  const own = new Set(["192.168.1.5", "fe80::1"]);
  test.each([
    ["127.0.0.1", true],
    ["127.8.9.10", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["192.168.1.5", true],
    ["192.168.1.6", false],
    ["192.168.49.2", false],
    ["10.0.0.1", false],
    ["172.18.0.2", false],
    ["203.0.113.7", false],
    ["0.0.0.0", false],
    ["::", false],
    ["128.0.0.1", false],
    ["::ffff:203.0.113.7", false],
    ["2001:db8::1", false],
  ])("%s: %s", (address, local) => expect(isLocal(address, own)).toBe(local));
  test("its interfaces have the loopback's address", () =>
    expect(ownAddresses().has("127.0.0.1")).toBe(true));
});
