import type { Addresses } from "../../model/addresses.ts";
import { hasAddress } from "../../request/address/address-list.ts";
import type { Variation } from "../variation.ts";

/** Addresses of which an address list says something else than of the rest; further ones are left out. */
const MOST_NETWORKS = 200;
/** For documentation (RFC 5737, RFC 3849): hardly listed. */
const STRANGERS = ["203.0.113.9", "198.51.100.9", "192.0.2.9", "2001:db8::9"];

/**
 * One client for each set of lists that contains it. Such sets begin at the first address of a network, or behind its
 * last.
 */
export function clientsOf(lists: readonly Addresses[]): readonly Variation[] {
  const written = [...new Set(lists.flatMap((list) => list.written))].slice(0, MOST_NETWORKS);
  const addresses = [...STRANGERS.slice(0, 1), ...written.flatMap(edgesOf), ...STRANGERS];
  const found = new Map<string, Variation>();
  for (const client of addresses) {
    const within = lists.map((list) => (hasAddress(list, client) ? "1" : "0")).join("");
    if (!found.has(within)) found.set(within, { shows: `from ${client}`, client });
  }
  return [...found.values()];
}

/** An address inside, the first and last one, and those beside them. */
function edgesOf(written: string): readonly string[] {
  const [text = "", bits] = (written === "all" ? "0.0.0.0/0" : written).split("/");
  const width = text.includes(":") ? 128 : 32;
  const start = width === 32 ? readIPv4(text) : readIPv6(text);
  const free = BigInt(width - Number(bits ?? width));
  if (start === undefined || free < 0n) return [];
  const first = (start >> free) << free;
  const last = first + (1n << free) - 1n;
  const most = (1n << BigInt(width)) - 1n;
  return [first + (free > 3n ? 5n : 0n), first, last, first - 1n, last + 1n]
    .filter((address) => address >= 0n && address <= most)
    .map(width === 32 ? writeIPv4 : writeIPv6);
}

function readIPv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function writeIPv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".");
}

/** `undefined` also for one that ends in an IPv4 address. */
function readIPv6(text: string): bigint | undefined {
  const [before = "", behind] = text.split("::");
  const listOf = (part: string | undefined) => (part === undefined || part === "" ? [] : part.split(":"));
  const [head, tail] = [listOf(before), listOf(behind)];
  const groups = [
    ...head,
    ...new Array<string>(Math.max(8 - head.length - tail.length, 0)).fill("0"),
    ...tail,
  ];
  if (groups.length !== 8 || !groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function writeIPv6(address: bigint): string {
  return Array.from({ length: 8 }, (_, at) => (address >> BigInt(16 * (7 - at))) & 65_535n)
    .map((group) => group.toString(16))
    .join(":");
}
