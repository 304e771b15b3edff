import { expect, test } from "vitest";
import { altNameOf, covers, lookupNames, nameSet, parseAltNames } from "../../certs/names.ts";

test.each([
  // host                  kind         value
  ["www.basic1.com", "dns", "www.basic1.com"],
  ["WWW.Basic1.com.", "dns", "www.basic1.com"],
  ["*.basic1.com", "dns", "*.basic1.com"],
  ["my-ssl", "dns", "my-ssl"],
  ["münchen.test", "dns", "xn--mnchen-3ya.test"],
  ["127.0.0.1", "ip", "127.0.0.1"],
  ["::1", "ip", "::1"],
  ["[0:0:0:0:0:0:0:1]", "ip", "::1"],
  ["::ffff:127.0.0.1", "ip", "::ffff:7f00:1"],
])("%s goes into a certificate as %s %s", (host, kind, value) =>
  expect(altNameOf(host)).toEqual({ kind, value }));

test.each([
  [""],
  ["."],
  ["a b.test"],
  ["a..test"],
  ["*"],
  ["*.*.test"],
  ["a.*.test"],
  ["a\0.test"],
  ["-a.test"],
  ["a,DNS:evil.test"],
  ["~^www\\d+\\.test$"],
  [`${"a".repeat(64)}.test`],
  [`${"a.".repeat(127)}test`],
])("%j is no name for a certificate", (host) => expect(altNameOf(host)).toBeUndefined());

test.each([
  // the certificate's name  host                covered  what the case shows
  ["www.a.test", "www.a.test", true, "itself"],
  ["WWW.A.test", "www.a.TEST.", true, "case and a last dot do not count"],
  ["*.a.test", "www.a.test", true, "one label"],
  ["*.a.test", "x.www.a.test", false, "not two"],
  ["*.a.test", "a.test", false, "not none"],
  ["*.a.test", "*.a.test", true, "a wildcard host needs the wildcard"],
  ["www.a.test", "*.a.test", false, "and not one of its names"],
  ["w*.a.test", "www.a.test", false, "part of a label is no wildcard"],
  ["www.*.test", "www.a.test", false, "only the first label is"],
  ["", "www.a.test", false, "no name covers nothing"],
  ["", "", false, "not even nothing"],
])("a certificate for %j and host %j: %s (%s)", (name, host, covered) =>
  expect(covers(nameSet([name]), host)).toBe(covered));

test.each([
  [undefined, []],
  ["WWW.a.test", ["www.a.test", "*.a.test"]],
  ["www.a.test.", ["www.a.test", "*.a.test"]],
  ["my-ssl", ["my-ssl"]],
  [".a.test", [".a.test"]],
  ["", [""]],
  ["a".repeat(256), []],
])("a client that names %j is looked up as %j", (name, names) => expect(lookupNames(name)).toEqual(names));

test.each([
  ["DNS:a.test, DNS:*.B.test, IP Address:127.0.0.1", ["a.test", "*.b.test", "127.0.0.1"]],
  ["IP Address:0:0:0:0:0:0:0:1", ["::1"]],
  ['DNS:"a.test, DNS:evil.test", DNS:b.test', ['"a.test, dns:evil.test"', "b.test"]],
  ["URI:http://x/DNS:evil.test, email:a@b.test", []],
  [undefined, []],
])("subjectAltName %j names %j", (text, names) => {
  expect(parseAltNames(text).map(({ value }) => value)).toEqual(names);
});
