import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";

/** Addresses of this computer's interfaces. */
export function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return new Set(all.map(({ address }) => address));
}

/** True for loopback (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3), or one of `own`. */
export function isLocal(address: string, own: ReadonlySet<string>): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  return plain === "::1" || (isIPv4(plain) && plain.startsWith("127.")) || own.has(plain);
}
