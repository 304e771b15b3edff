import type { RequestFacts } from "../../model/decision.ts";
import type { Captures } from "../../model/pattern.ts";
import type { ReadPath } from "../../model/plane.ts";
import type { Backend, Route, RouteTable } from "../../model/route.ts";
import type { PathMatch, VirtualHost } from "../../model/selection.ts";
import { pathBytes } from "../../request/path.ts";
import type { Rewritten } from "./rewritten.ts";

/** A `location` block as the controller names it: its path, one char a byte, and its path type. */
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

/** A request that has found its route. */
export interface Arrival {
  readonly table: RouteTable;
  readonly request: RequestFacts;
  readonly host: VirtualHost;
  readonly path: ReadPath;
  readonly route: Route;
  /** The one of the route's locations that it was found by. */
  readonly location: LocationName;
  /** What `rewrite-target` makes of the path. */
  readonly rewritten: Rewritten | undefined;
  /** Of `rewrite-target`'s expression, where it has rewritten the path. */
  readonly captures?: Captures | undefined;
}

/**
 * The Service port that a request is forwarded to: the route's own, or `default-backend` while that has no endpoints. The
 * controller's own default backend is none while its Service has no endpoints (controller.go, getDefaultUpstream).
 */
export function backendFor({ route, request }: Arrival): Backend | undefined {
  const { backend, settings, transport } = route;
  if (route.ingress === undefined && backend !== undefined)
    return request.noEndpoints(backend, transport.protocol) === undefined ? backend : undefined;
  const instead = settings.errors?.defaultBackend;
  if (instead === undefined || backend === undefined) return backend;
  const empty =
    request.noEndpoints(backend, transport.protocol) !== undefined &&
    request.noEndpoints(instead, transport.protocol) === undefined;
  return empty ? instead : backend;
}

/** True of a location whose path begins with one of a list (template.go, isLocationInLocationList). */
export function isListed({ path }: LocationName, prefixes: readonly string[] | undefined): boolean {
  return prefixes?.some((prefix) => path.startsWith(pathBytes(prefix))) === true;
}
