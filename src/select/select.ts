import type { RouteFound, RouteLookup, VirtualHost } from "../model/selection.ts";

/** Where a request ends among the entries of its virtual host, or of those behind it. Never throws. */
export function select(host: VirtualHost, lookup: RouteLookup): RouteFound {
  let at: VirtualHost | undefined = host;
  while (at !== undefined) {
    const found = at.index.find(lookup);
    if (found !== undefined) return found;
    at = at.next;
  }
  return host.miss;
}
