import type { Decision, RequestFacts } from "../model/decision.ts";
import type { Pattern } from "../model/pattern.ts";
import type { ReadPath } from "../model/plane.ts";
import { reason } from "../model/reason.ts";
import type { Route, RouteTable } from "../model/route.ts";
import type { RouteEntry } from "../model/selection.ts";
import { hostNameOf } from "../request/host.ts";
import { ownLocation } from "../request/own-location.ts";
import { escapeUri } from "../request/path.ts";
import { findVirtualHost } from "../select/host.ts";
import { select } from "../select/select.ts";
import { entryPointOf } from "../select/table.ts";
import { decide as decideBySteps, responseHeadersOf } from "../step/decide.ts";
import { type AtHost, beforeEntries } from "./before.ts";
import { believed } from "./believed.ts";
import { type Arrival, locationOf } from "./effects/arrival.ts";
import { headersOutsideOfLocations } from "./effects/controller-headers.ts";
import { rewrite } from "./effects/rewritten.ts";
import { decide, headersOfLocation } from "./effects.ts";
import { errorPage } from "./error-page.ts";
import { ownPath } from "./own-paths.ts";
import { withUnserved } from "./unserved.ts";

/**
 * Where a request goes, and why. Never throws, and never takes longer than a few milliseconds.
 *
 * The order is nginx's: the path is normalised (or refused), the `server` is found and looks at the client's certificate,
 * `app-root` is asked, the `location` is found, and then come the effects of that location.
 */
export function match(
  table: RouteTable,
  asked: RequestFacts,
  by: "settings" | "steps" = "settings",
): Decision {
  const { forwarded } = table.options;
  if (forwarded === undefined) return withUnserved(table, asked, matchAsIs(table, asked, by));
  const request = believed(asked, forwarded);
  const { remoteAddress } = request;
  const decision = withUnserved(table, request, matchAsIs(table, request, by));
  return remoteAddress === asked.remoteAddress ? decision : { ...decision, remoteAddress };
}

const BAD_PATH = reason("bad-path", "the path has a bad escape, or leads above the root");

function matchAsIs(table: RouteTable, request: RequestFacts, by: "settings" | "steps"): Decision {
  if (request.inner !== undefined) return inside(table, request, { ...request.inner, quoted: false }, by);
  const path = table.plane.readPath(request.target);
  if (path === undefined) return { kind: "respond", status: 400, why: [BAD_PATH] };
  return atHost(table, request, path, by);
}

/** A request that goes on inside (ngx_http_internal_redirect): as a GET or HEAD. */
function inside(table: RouteTable, asked: RequestFacts, path: ReadPath, by: "settings" | "steps"): Decision {
  const method = asked.method === "HEAD" ? "HEAD" : "GET";
  const request = { ...asked, method, inner: path };
  const decision = atHost(table, request, path, by);
  return decision.kind === "forward" && method !== asked.method ? { ...decision, method: "GET" } : decision;
}

function atHost(
  table: RouteTable,
  request: RequestFacts,
  path: ReadPath,
  by: "settings" | "steps",
): Decision {
  const name = hostNameOf(table, request);
  const host = findVirtualHost(entryPointOf(table, request.scheme).selection, name);
  const at: AtHost = { table, request, name, host, path, by };
  const early = beforeEntries(at);
  if (early === undefined) return locate(at);
  if (early.kind === "internal") return inside(table, request, table.plane.readPath(early.path) ?? path, by);
  return outside(early, table, request);
}

/** A decision that no location makes: what nginx.tmpl says outside of servers holds for it. */
function outside(decision: Decision, table: RouteTable, request: RequestFacts): Decision {
  const page =
    table.outside === undefined || decision.kind !== "respond" || decision.cause !== undefined
      ? undefined
      : errorPage(table.outside, request, decision.status, "location", decision.why);
  if (page !== undefined) return page;
  const everywhere = headersOutsideOfLocations(table, request);
  if (everywhere === undefined) return decision;
  return { ...decision, responseHeaders: [...(decision.responseHeaders ?? []), ...everywhere] };
}

/** The entry of a request, and what it comes to there. */
function locate(at: AtHost): Decision {
  const { table, request } = at;
  const found = select(at.host, at);
  switch (found.kind) {
    case "route":
      return decideBy(found, at);
    case "one-of": {
      const [taken, ...others] = found.entries;
      const oneOf = others.map(({ route }) => route);
      return { ...decideBy(taken, at), oneOf };
    }
    case "slash":
      return redirectToSlash(found.route, at);
    case "own-path":
      return outside(ownPath(found.path, table.options, request), table, request);
    case "too-complex":
      return outside(tooComplex(found.pattern), table, request);
  }
}

function arrivalBy(entry: RouteEntry, { table, request, host, path }: AtHost): Arrival {
  const route = request.exact ? entry.route : (entry.locally?.route ?? entry.route);
  const location = locationOf(entry.match.path);
  const rewritten = rewrite({ request, path, route });
  const captures = rewritten?.kind === "path" ? rewritten.captures : undefined;
  return { table, request, host, path, location, route, rewritten, captures };
}

function decideBy(entry: RouteEntry, at: AtHost): Decision {
  if (at.by === "settings") return decide(arrivalBy(entry, at));
  const { table, request, host, path } = at;
  const route = request.exact ? entry.route : (entry.locally?.route ?? entry.route);
  return decideBySteps({ table, request, host, path, route, location: locationOf(entry.match.path) });
}

function tooComplex({ source }: Pattern): Decision {
  const why = `the regular expression ${source} backtracks too much on this path; nginx gives up with 500 as well`;
  return { kind: "respond", status: 500, why: [reason("regex-too-complex", why)] };
}

/** nginx answers so as the location: what that says of all its responses holds (ngx_http_core_find_static_location). */
function redirectToSlash(route: Route, at: AtHost): Decision {
  const { path, request } = at;
  const query = path.query === "" ? "" : `?${path.query}`;
  const isRelative = route.settings.redirectForm?.relative === true;
  const text = `the path ends in a slash in the manifest; nginx redirects ${path.path} to it`;
  return {
    kind: "redirect",
    status: 301,
    ...ownLocation(request, `${escapeUri(path.path)}/${query}`, isRelative),
    route,
    responseHeaders:
      at.by === "steps"
        ? responseHeadersOf({ ...at, route, location: { path: "/", exact: false } })
        : headersOfLocation({ ...at, route }),
    why: [reason("slash-redirect", text), ...route.why],
  };
}
