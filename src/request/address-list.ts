import { isIPv6 } from "node:net";
import type { Addresses } from "../model/addresses.ts";

/** True of an address that is one of these. */
export function hasAddress({ ipv4, ipv6 }: Addresses, address: string): boolean {
  return isIPv6(address) ? ipv6.check(address, "ipv6") : ipv4.check(address, "ipv4");
}
