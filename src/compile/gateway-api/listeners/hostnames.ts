import type { GatewayListener } from "../listeners.ts";

/** True if a wildcard covers a name, or a narrower wildcard. */
export function isCoveredBy(wildcard: string, name: string): boolean {
  return wildcard.startsWith("*.") && name.endsWith(wildcard.slice(1)) && name.length >= wildcard.length;
}

/** A host of a route on a listener: the narrower of the two. `undefined`: they have no host in common */
function narrower(ofRoute: string, ofListener: string | undefined): string | undefined {
  if (ofListener === undefined || ofListener === ofRoute) return ofRoute;
  if (isCoveredBy(ofListener, ofRoute)) return ofRoute;
  return isCoveredBy(ofRoute, ofListener) ? ofListener : undefined;
}

/**
 * The hosts that a route has on a listener; `*` is every host. A host that another listener of the port is written for
 * is left to that one.
 */
export function hostsOn(
  hostnames: readonly string[],
  listener: GatewayListener,
  siblings: readonly GatewayListener[],
): readonly string[] {
  if (hostnames.length === 0) return [listener.hostname ?? "*"];
  const hosts = new Set<string>();
  for (const hostname of hostnames) {
    const host = narrower(hostname.toLowerCase(), listener.hostname);
    if (host !== undefined) hosts.add(host);
  }
  for (const other of siblings)
    if (other !== listener && other.port === listener.port && other.hostname !== undefined)
      hosts.delete(other.hostname);
  return [...hosts];
}
