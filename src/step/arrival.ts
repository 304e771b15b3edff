import type { RequestFacts } from "../model/decision.ts";
import type { Captures } from "../model/pattern.ts";
import type { ReadPath } from "../model/plane.ts";
import type { Route, RouteTable } from "../model/route.ts";
import type { PathMatch, VirtualHost } from "../model/selection.ts";
import { pathBytes } from "../request/path.ts";

/** A location as the controller names it: its path, one char a byte, and its path type. */
export interface LocationName {
  readonly path: string;
  readonly exact: boolean;
}

/** The location of an entry. */
export function locationOf(match: PathMatch): LocationName {
  switch (match.kind) {
    case "any":
      return { path: "/", exact: false };
    case "pattern":
      return match;
    default:
      return { path: match.path, exact: match.kind === "exact" };
  }
}

/** A request that has found its route, as the next step sees it. */
export interface Arrival {
  readonly table: RouteTable;
  readonly host: VirtualHost;
  readonly request: RequestFacts;
  readonly path: ReadPath;
  readonly route: Route;
  /** The location of the route that it was found by. */
  readonly location: LocationName;
  /** The path that `rewrite-target` has made, not yet escaped. default: it was not rewritten. */
  readonly rewritten?: RewrittenPath | undefined;
  /** Of `rewrite-target`'s expression, where it has rewritten the path. */
  readonly captures?: Captures | undefined;
}

/** A path and the target that it was made by. */
export interface RewrittenPath {
  readonly path: string;
  readonly target: string;
}

/** True of a location whose path begins with one of a list (template.go, isLocationInLocationList). */
export function isListed({ path }: LocationName, prefixes: readonly string[] | undefined): boolean {
  return prefixes?.some((prefix) => path.startsWith(pathBytes(prefix))) === true;
}
