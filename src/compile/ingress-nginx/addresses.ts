import { BlockList, isIP, isIPv4 } from "node:net";
import type { Addresses } from "../../model/addresses.ts";

/**
 * A list of addresses and networks as the controller reads them (internal/net, ParseIPNets): separated by commas, blanks
 * around each allowed, the host bits of a network of no account. `undefined` where one of them is neither.
 */
export function readAddresses(text: string): Addresses | undefined {
  const written = text.split(",").map((part) => part.trim());
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  return written.every((part) => add(lists, part)) ? { written, ...lists } : undefined;
}

function add(lists: { readonly ipv4: BlockList; readonly ipv6: BlockList }, part: string): boolean {
  const [address = "", bits, more] = part.split("/");
  if (isIP(address) === 0 || address.includes("%") || more !== undefined) return false;
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  if (bits === undefined) {
    lists[family].addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (family === "ipv4" ? 32 : 128)) return false;
  lists[family].addSubnet(address, Number(bits), family);
  return true;
}
