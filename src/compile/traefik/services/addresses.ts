import { BlockList, isIP, isIPv4 } from "node:net";
import type { Addresses } from "../../../model/addresses.ts";
import { Lost } from "../lost.ts";

/** Addresses and networks as Traefik's checkers read them (pkg/ip/checker.go). */
export function readRanges(ranges: readonly string[]): Addresses | Lost {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  const written = ranges.map((range) => range.trim());
  for (const range of written) {
    const [address = "", bits, more] = range.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    const most = family === "ipv4" ? 32 : 128;
    const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : most + 1;
    if (isIP(address) === 0 || address.includes("%") || more !== undefined || length > most)
      return new Lost(
        `${JSON.stringify(range)} is no address and no network`,
        "Write 10.0.0.1 or 10.0.0.0/8.",
      );
    lists[family].addSubnet(address, length, family);
  }
  return { written, ...lists };
}
