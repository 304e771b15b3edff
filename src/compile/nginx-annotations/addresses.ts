import { BlockList, isIP, isIPv4, SocketAddress } from "node:net";
import type { Addresses } from "../../model/addresses.ts";

/**
 * Comma-separated addresses and networks as the controller reads them (internal/net, ParseIPNets). Blanks are
 * trimmed and host bits ignored. `undefined`: an entry is neither.
 */
export function readAddresses(text: string): Addresses | undefined {
  const written = text.split(",").map((part) => part.trim());
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  return written.every((part) => add(lists, part)) ? { written, ...lists } : undefined;
}

/** An example address of a network: `10.0.0.5` of `10.0.0.0/8`. */
export function exampleOf(written: string): string {
  const [address = "", bits] = written.split("/");
  if (bits === undefined) return address;
  if (!isIPv4(address)) return address.endsWith("::") && Number(bits) <= 112 ? `${address}5` : address;
  const free = 32 - Number(bits);
  const mask = free === 32 ? 0 : (2 ** 32 - 2 ** free) >>> 0;
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const host = ((number & mask) >>> 0) + (free >= 3 ? 5 : free === 0 ? 0 : 1);
  return [24, 16, 8, 0].map((shift) => (host >>> shift) & 255).join(".");
}

function add(lists: { readonly ipv4: BlockList; readonly ipv6: BlockList }, part: string): boolean {
  const [address = "", bits, more] = part.split("/");
  if (isIP(address) === 0 || address.includes("%") || more !== undefined) return false;
  const most = isIPv4(address) ? 32 : 128;
  const length = bits === undefined ? most : /^\d+$/.test(bits) ? Number(bits) : Number.POSITIVE_INFINITY;
  if (length > most) return false;
  const mapped = mappedIPv4(address);
  if (mapped !== undefined && length >= MAPPED_BITS)
    lists.ipv4.addSubnet(mapped, length - MAPPED_BITS, "ipv4");
  else lists[most === 32 ? "ipv4" : "ipv6"].addSubnet(address, length, most === 32 ? "ipv4" : "ipv6");
  return true;
}

const MAPPED_BITS = 96;

/** Go prints `::ffff:10.0.0.0/104` as its IPv4 network (net.IPNet.String). */
function mappedIPv4(address: string): string | undefined {
  if (isIPv4(address)) return undefined;
  const whole = new SocketAddress({ address, family: "ipv6" }).address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(whole)?.[1];
}
