import type { RouteFound, RouteLookup, VirtualHost } from "../model/route/selection.ts";

/** Finds a request's entry in its virtual host, or in the ones after it. Never throws. */
export function select(host: VirtualHost, lookup: RouteLookup): RouteFound {
  let at: VirtualHost | undefined = host;
  while (at !== undefined) {
    const found = at.index.find(lookup);
    if (found !== undefined) return withMiss(found, host);
    at = at.next;
  }
  return host.miss;
}

function withMiss(found: RouteFound, { miss }: VirtualHost): RouteFound {
  if (found.kind !== "one-of" || found.missAt === undefined) return found;
  const [first = miss, ...others] = found.entries.toSpliced(found.missAt, 0, miss);
  return { kind: "one-of", entries: [first, ...others] };
}
