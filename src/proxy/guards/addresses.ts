import { isIPv6 } from "node:net";
import type { Addresses } from "../../model/addresses.ts";

/** Whether a client's address is one of these. */
export function holds({ list }: Addresses, address: string): boolean {
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
