import type { RequestFacts } from "../model/decision.ts";
import type { EveryField } from "../model/every-field.ts";
import type { Captures } from "../model/pattern.ts";
import type { ReadPath } from "../model/plane.ts";
import type { PathMatch, VirtualHost } from "../model/route/selection.ts";
import type { Route, RouteTable } from "../model/route.ts";
import { textAsBytes } from "../request/utf8.ts";

/** A location's path (one char per byte) and path type. */
export interface LocationName {
  readonly path: string;
  readonly exact: boolean;
}

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

/** A request with its route, as the next step sees it. */
export interface Arrival {
  readonly table: RouteTable;
  readonly host: VirtualHost;
  readonly request: RequestFacts;
  readonly path: ReadPath;
  readonly route: Route;
  readonly location: LocationName;
  /** The path after `rewrite-target`, not yet escaped. default: not rewritten */
  readonly rewritten?: RewrittenPath | undefined;
  /** Of `rewrite-target`'s expression. */
  readonly captures?: Captures | undefined;
}

/** After `rewrite-target`. */
export function rewrittenArrival(
  { table, host, request, path, route, location }: Arrival,
  rewritten: RewrittenPath | undefined,
  captures: Captures | undefined,
): Arrival {
  const arrival: EveryField<Arrival> = { table, host, request, path, route, location, rewritten, captures };
  return arrival;
}

export interface RewrittenPath {
  readonly path: string;
  readonly target: string;
  /** "as-is": sent without escaping. default: escaped as by nginx */
  readonly escaping?: "as-is" | undefined;
  /** Nothing is left of the path; `path` has a slash for it. */
  readonly isEmpty?: true | undefined;
}

/** True if the location's path begins with one of a list (template.go, isLocationInLocationList). */
export function isListed({ path }: LocationName, prefixes: readonly string[] | undefined): boolean {
  return prefixes?.some((prefix) => path.startsWith(textAsBytes(prefix))) === true;
}
