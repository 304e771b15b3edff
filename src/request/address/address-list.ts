import { isIPv6 } from "node:net";
import type { Addresses } from "../../model/addresses.ts";

export function hasAddress({ ipv4, ipv6 }: Addresses, address: string): boolean {
  return isIPv6(address) ? ipv6.check(address, "ipv6") : ipv4.check(address, "ipv4");
}
