import type { Addresses } from "../../../model/addresses.ts";
import { readAddresses } from "../../nginx-annotations/addresses.ts";

/** The networks of an entry; `all` is everybody, IPv4 and IPv6. */
export function networksOf(entry: string): readonly string[] {
  return entry === "all" ? ["0.0.0.0/0", "::/0"] : [entry];
}

/** A list's addresses as nginx reads them. Other entries are left out; an empty result contains nobody. */
export function nginxAddresses(entries: readonly string[]): Addresses {
  const known = entries.flatMap(networksOf).filter((entry) => readAddresses(entry) !== undefined);
  return { ...(readAddresses(known.join(",")) ?? NOBODY), written: entries };
}

const NOBODY: Addresses = { written: [], ipv4: { check: () => false }, ipv6: { check: () => false } };
