import { expect, test } from "vitest";
import { readAddresses } from "../../src/compile/nginx-annotations/addresses.ts";
import { judgeAddress } from "../../src/match/access.ts";
import type { Addresses } from "../../src/model/addresses.ts";
import { reason } from "../../src/model/reason.ts";
import { hasAddress } from "../../src/request/address/address-list.ts";

function list(text: string): Addresses {
  const read = readAddresses(text);
  if (read === undefined) throw new Error(`not read: ${text}`);
  return read;
}

test.each([
  // list                        address             held   what the case shows
  ["10.0.0.0/8", "10.255.255.255", true, "the last of a network"],
  ["10.0.0.0/8", "11.0.0.0", false, "the one behind it"],
  ["10.1.2.3/8", "10.9.9.9", true, "host bits count for nothing"],
  ["192.168.1.7", "192.168.1.7", true, "an address alone"],
  ["192.168.1.7", "192.168.1.8", false, "and no other"],
  ["0.0.0.0/0", "127.0.0.1", true, "every IPv4 client"],
  ["0.0.0.0/0", "::1", false, "but no IPv6 client"],
  ["::/0", "::1", true, "every IPv6 client"],
  ["::/0", "127.0.0.1", false, "but no IPv4 client"],
  ["fd00::/8, ::1", "::1", true, "blanks after a comma"],
  ["2001:db8::/32", "2001:DB8:1::1", true, "IPv6 in any spelling"],
])("%s and %s: %s, %s", (text, address, held) => expect(hasAddress(list(text), address)).toBe(held));

test.each([
  "",
  ",",
  "10.0.0.0/8,",
  "10.0.0.0/33",
  "10.0.0/8",
  "fe80::1%eth0",
  "::/129",
  "a.test",
  "10.0.0.1/",
  "1/2/3",
])("%j is no list of addresses", (text) => expect(readAddresses(text)).toBeUndefined());

test.each([
  // deny           allow        client        opinion
  ["127.0.0.1", "127.0.0.0/8", "127.0.0.1", "refused"],
  ["127.0.0.2", "127.0.0.0/8", "127.0.0.1", "passed"],
  ["127.0.0.2", undefined, "127.0.0.1", "abstained"],
  [undefined, "10.0.0.0/8", "127.0.0.1", "refused"],
  [undefined, "0.0.0.0/0", "::1", "refused"],
])("deny %s, allow %s: %s is %s", (deny, allow, client, kind) => {
  const guard = {
    kind: "addresses",
    why: reason("addresses", ""),
    deny: deny && list(deny),
    allow: allow && list(allow),
  } as const;
  expect(
    judgeAddress({ ...guard, deny: guard.deny || undefined, allow: guard.allow || undefined }, client).kind,
  ).toBe(kind);
});
