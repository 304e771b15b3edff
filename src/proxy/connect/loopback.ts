import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";

/** Both, whatever the resolver and the hosts file say: a container's often know no `::1 localhost`. */
const LOOPBACK: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/** Names that stand for this computer (RFC 6761 section 6.3). */
function isLocalhost(host: string): boolean {
  return /(?:^|\.)localhost\.?$/i.test(host);
}

/** Addresses to try one after the other; any other name is for the system to look up. */
export function addressesOf(host: string): readonly string[] {
  return isLocalhost(host) ? LOOPBACK.map(({ address }) => address) : [host];
}

/**
 * How the name of an upstream is looked up: `localhost` is both loopback addresses, one tried after the other (RFC 8305);
 * every other name as the system has it (`undefined`).
 */
export function lookupFor(host: string): LookupFunction | undefined {
  if (!isLocalhost(host)) return undefined;
  return (_host, { all }, done) => {
    if (all === true) done(null, [...LOOPBACK]);
    else done(null, "127.0.0.1", 4);
  };
}
