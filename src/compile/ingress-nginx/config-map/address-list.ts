import type { Addresses } from "../../../model/addresses.ts";
import { readAddresses } from "../values/addresses.ts";

/** The networks that an entry stands for: `all` is everybody to nginx, by IPv4 and by IPv6. */
export function networksOf(entry: string): readonly string[] {
  return entry === "all" ? ["0.0.0.0/0", "::/0"] : [entry];
}

/** The entries of a list as nginx reads them, without those that are no address. None at all holds nobody. */
export function nginxAddresses(entries: readonly string[]): Addresses {
  const known = entries.flatMap(networksOf).filter((entry) => readAddresses(entry) !== undefined);
  return { ...(readAddresses(known.join(",")) ?? NOBODY), written: entries };
}

const NOBODY: Addresses = { written: [], ipv4: { check: () => false }, ipv6: { check: () => false } };
