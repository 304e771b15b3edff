import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";

/** Both, whatever the resolver says: a container's hosts file often lacks `::1 localhost`. */
const LOOPBACK: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/** Names of this computer (RFC 6761 section 6.3). */
function isLocalhost(host: string): boolean {
  return /(?:^|\.)localhost\.?$/i.test(host);
}

/** Addresses to try in order; the system resolves other names. */
export function addressesOf(host: string): readonly string[] {
  return isLocalhost(host) ? LOOPBACK.map(({ address }) => address) : [host];
}

/**
 * `localhost` resolves to both loopback addresses, tried in turn (RFC 8305). `undefined`: the system resolves
 * the name.
 */
export function lookupFor(host: string): LookupFunction | undefined {
  if (!isLocalhost(host)) return undefined;
  return (_host, { all }, done) => {
    if (all === true) done(null, [...LOOPBACK]);
    else done(null, "127.0.0.1", 4);
  };
}
