import type { Addresses } from "../../../model/addresses.ts";
import { readAddresses } from "../addresses.ts";

/** The networks that an entry stands for: `all` is everybody to nginx, by IPv4 and by IPv6. */
export function networksOf(entry: string): readonly string[] {
  return entry === "all" ? ["0.0.0.0/0", "::/0"] : [entry];
}

/** Every address of IPv4: the controller's own default. */
export const everyAddress: Addresses = required("0.0.0.0/0");

/** The entries of a list as nginx reads them; `undefined` where one is no address. None at all holds nobody. */
export function nginxAddresses(entries: readonly string[]): Addresses | undefined {
  const known = entries.flatMap((entry) => (entry === "unix:" ? [] : networksOf(entry)));
  if (known.length === 0) return NOBODY;
  const read = readAddresses(known.join(","));
  return read === undefined ? undefined : { ...read, written: entries };
}

const NOBODY: Addresses = { written: [], ipv4: { check: () => false }, ipv6: { check: () => false } };

function required(text: string): Addresses {
  const read = readAddresses(text);
  if (read === undefined) throw new Error(`${text} is an address`);
  return read;
}
