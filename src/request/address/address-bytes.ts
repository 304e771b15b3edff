import { isIPv4 } from "node:net";

/** `$binary_remote_addr`: 4 or 16 bytes, one char each. */
export function addressBytes(address: string): string {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number)).toString("latin1");
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const missing = Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  return all.map((group) => String.fromCharCode(group >> 8, group & 0xff)).join("");
}

/** 16-bit groups of part of an IPv6 address; a trailing IPv4 address makes two. */
function groups(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
