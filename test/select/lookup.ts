import type { RequestFacts } from "../../src/model/decision.ts";
import type { RouteFound, RouteLookup } from "../../src/model/route/selection.ts";

/** A plain GET as an index looks it up. */
export function lookupOf(
  name: string,
  target: string,
  more: Partial<RequestFacts> & { readonly headers?: Readonly<Record<string, string>> } = {},
): RouteLookup {
  const { headers = {}, ...facts } = more;
  const [path = "/", query = ""] = target.split("?");
  const request: RequestFacts = {
    ...{ scheme: "http", method: "GET", host: name, target, chance: 0.5, remoteAddress: "127.0.0.1" },
    ...{ ports: { http: 31000, https: 32000 }, exact: false },
    header: (asked) => headers[asked],
    noEndpoints: () => undefined,
    ...facts,
  };
  return { request, name, path: { path, query } };
}

/** Ids of the found routes. */
export function idsOf(found: RouteFound | undefined): readonly string[] {
  switch (found?.kind) {
    case undefined:
      return [];
    case "route":
      return [found.route.id];
    case "one-of":
      return found.entries.map(({ route }) => route.id);
    case "slash":
      return [`slash ${found.route.id}`];
    case "own-path":
      return [`own ${found.path}`];
    case "too-complex":
      return [`too complex ${found.pattern.source}`];
  }
}
