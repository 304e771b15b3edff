import type { Decision, RequestFacts } from "../model/decision.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { Host, Route, RouteTable } from "../model/route.ts";
import { serverName } from "../request/host.ts";
import { ownLocation } from "../request/own-location.ts";
import { escapeUri, type NormalisedPath, normalisePath, pathBytes } from "../request/path.ts";
import { fillVariables } from "../request/variables.ts";
import { believed } from "./believed.ts";
import { blocked } from "./blocked.ts";
import type { Arrival, LocationName } from "./effects/arrival.ts";
import { headersOutsideOfLocations } from "./effects/controller-headers.ts";
import { rewrite } from "./effects/rewritten.ts";
import { decide, headersOfLocation } from "./effects.ts";
import { errorPage } from "./error-page.ts";
import { findHost } from "./host.ts";
import { ownPath } from "./own-paths.ts";
import { atHandshake, atServer } from "./server.ts";
import { withUnserved } from "./unserved.ts";

/**
 * Where a request goes, and why. Never throws, and never takes longer than a few milliseconds.
 *
 * The order is nginx's: the path is normalised (or refused), the `server` is found and looks at the client's certificate,
 * `app-root` is asked, the `location` is found, and then come the effects of that location.
 */
export function match(table: RouteTable, asked: RequestFacts): Decision {
  const { forwarded } = table.options;
  if (forwarded === undefined) return withUnserved(table, asked, matchAsIs(table, asked));
  const request = believed(asked, forwarded);
  const { remoteAddress } = request;
  const decision = withUnserved(table, request, matchAsIs(table, request));
  return remoteAddress === asked.remoteAddress ? decision : { ...decision, remoteAddress };
}

const BAD_PATH = reason("bad-path", "the path has a bad escape, or leads above the root");

function matchAsIs(table: RouteTable, request: RequestFacts): Decision {
  if (request.inner !== undefined) return inside(table, request, { ...request.inner, quoted: false });
  const path = normalisePath(request.target);
  if (path === undefined) return { kind: "respond", status: 400, why: [BAD_PATH] };
  const host = findHost(table, serverName(request));
  const { server } = host;
  const shaken = server && atHandshake(server, request);
  if (shaken !== undefined && shaken.kind !== "internal") return outside(shaken, table, request);
  // The server's own rules are asked again where a page is served by its path (ngx_http_internal_redirect).
  const refused = blocked(table.options.blocked, request) ?? (server && atServer(server, request));
  if (refused !== undefined) return outside(refused, table, request);
  if (shaken !== undefined) return inside(table, request, normalisePath(shaken.path) ?? path);
  return locate(table, request, host, path);
}

/** A request that goes on inside (ngx_http_internal_redirect): as a GET or HEAD, and the server has looked at it already. */
function inside(table: RouteTable, request: RequestFacts, path: NormalisedPath): Decision {
  const method = request.method === "HEAD" ? "HEAD" : "GET";
  const host = findHost(table, serverName(request));
  const decision = locate(table, { ...request, method, inner: path }, host, path);
  return decision.kind === "forward" && method !== request.method ? { ...decision, method: "GET" } : decision;
}

/** A decision that no location makes: what nginx.tmpl says outside of servers holds for it. */
function outside(decision: Decision, table: RouteTable, request: RequestFacts): Decision {
  const page =
    table.outside === undefined || decision.kind !== "respond" || decision.page !== undefined
      ? undefined
      : errorPage(table.outside, request, decision.status, "location", decision.why);
  if (page !== undefined) return page;
  const everywhere = headersOutsideOfLocations(table, request);
  if (everywhere === undefined) return decision;
  return { ...decision, responseHeaders: [...(decision.responseHeaders ?? []), ...everywhere] };
}

/** The location of a request, and what it comes to there. */
function locate(table: RouteTable, request: RequestFacts, host: Host, path: NormalisedPath): Decision {
  if (host.redirectsTo !== undefined)
    return outside(redirectToOtherHost(host.redirectsTo, table, request), table, request);
  if (host.appRoot !== undefined && path.path === "/")
    return outside(redirectToAppRoot(host.appRoot, request, path), table, request);
  const own = ownPath(table, host, path, request);
  if (own !== undefined) return outside(own, table, request);
  const found = findLocation(host, path);
  if (found.kind === "slash") return redirectToSlash(found.route, { table, request, host, path });
  if (found.kind === "too-complex")
    return outside({ kind: "respond", status: 500, why: [found.why] }, table, request);
  const arrival = arrivalAt(found.route, { table, request, host, path, location: found.location });
  return strayDefault(arrival, host) ?? decide(arrival);
}

function arrivalAt(
  route: Route,
  { table, request, host, path, location }: Omit<Arrival, "route" | "rewritten" | "captures">,
): Arrival {
  const rewritten = rewrite({ request, path, route });
  const captures = rewritten?.kind === "path" ? rewritten.captures : undefined;
  return { table, request, host, path, location, route, rewritten, captures };
}

/** What nginx finds for a path among the locations of a server. */
type Found =
  | { readonly kind: "route"; readonly route: Route; readonly location: LocationName }
  /** The path lacks only the slash of a location: 301 (ngx_http_core_module.c, auto_redirect). */
  | { readonly kind: "slash"; readonly route: Route }
  | { readonly kind: "too-complex"; readonly why: Reason };

/**
 * The location of a path: in regex mode the first that matches, else `=`, then the longest prefix.
 *
 * Every server has a location that matches everything (`/`), so there is always an answer.
 */
function findLocation(host: Host, path: NormalisedPath): Found {
  return host.regex ? firstRegex(host, path.path) : exactOrLongest(host, path.path);
}

function firstRegex(host: Host, path: string): Found {
  for (const location of host.locations) {
    if (location.kind !== "regex") continue;
    const found = location.pattern.exec(path);
    if (found === "too-complex") {
      const why = `the regular expression ${location.pattern.source} backtracks too much on this path; nginx gives up with 500 as well`;
      return { kind: "too-complex", why: reason("regex-too-complex", why) };
    }
    if (found === null) continue;
    const { route, exact, pattern } = location;
    return { kind: "route", route, location: { path: pathBytes(pattern.source), exact } };
  }
  throw new Error(`host ${host.name} has no location that matches every path`);
}

/** Prefix locations all end in a slash, so only the cuts behind a slash need looking up, longest first. */
function exactOrLongest(host: Host, path: string): Found {
  const exact = host.exact.size === 0 ? undefined : host.exact.get(path);
  if (exact !== undefined) return { kind: "route", route: exact, location: { path, exact: true } };
  const slashless = host.slashless.size === 0 ? undefined : host.slashless.get(path);
  if (slashless !== undefined) return { kind: "slash", route: slashless };
  for (const length of host.prefixLengths) {
    if (length > path.length || path.charCodeAt(length - 1) !== SLASH) continue;
    const prefix = path.slice(0, length);
    const route = host.prefix.get(prefix);
    if (route !== undefined) return { kind: "route", route, location: { path: prefix, exact: false } };
  }
  throw new Error(`host ${host.name} has no location /`);
}

const SLASH = "/".charCodeAt(0);

/** `if ($uri = /) { return 302 $scheme://$http_host<app-root>; }`, at the level of the server (nginx.tmpl). */
function redirectToAppRoot(
  { target, route }: NonNullable<Host["appRoot"]>,
  request: RequestFacts,
  path: NormalisedPath,
): Decision {
  // The variables of the location are not set yet.
  const nowhere = { ingress: undefined, backend: undefined, rule: undefined };
  const location = `${request.scheme}://${request.host}${fillVariables(target, { request, path, route: nowhere })}`;
  return {
    kind: "redirect",
    status: 302,
    location,
    route,
    why: [reason("app-root", `app-root sends / to ${target.source}`), ...route.why],
  };
}

/**
 * `from-to-www-redirect`: scheme, port and, but for one slash at its end, target stay; the port is always named
 * (nginx.tmpl `$redirect_to`, lua/nginx/ngx_srv_redirect.lua).
 */
function redirectToOtherHost(
  { host, route }: NonNullable<Host["redirectsTo"]>,
  table: RouteTable,
  request: RequestFacts,
): Decision {
  const scheme = request.claims?.scheme ?? request.scheme;
  const uri = request.target.replace(/\/$/, "");
  const at = (port: number) => `${scheme}://${host}:${request.claims?.port ?? port}${uri}`;
  const production = at(request.scheme === "https" ? 443 : 80);
  return {
    kind: "redirect",
    status: table.options.redirectStatus,
    location: request.exact ? production : at(request.ports[request.scheme]),
    production: request.exact ? undefined : production,
    route,
    why: route.why,
  };
}

/** nginx answers so as the location: what that says of all its responses holds (ngx_http_core_find_static_location). */
function redirectToSlash(route: Route, at: Pick<Arrival, "table" | "request" | "host" | "path">): Decision {
  const { path, request } = at;
  const query = path.query === "" ? "" : `?${path.query}`;
  const isRelative = route.settings.redirectForm?.relative === true;
  const text = `the path ends in a slash in the manifest; nginx redirects ${path.path} to it`;
  return {
    kind: "redirect",
    status: 301,
    ...ownLocation(request, `${escapeUri(path.path)}/${query}`, isRelative),
    route,
    responseHeaders: headersOfLocation({ ...at, route }),
    why: [reason("slash-redirect", text), ...route.why],
  };
}

/**
 * A host that nobody names goes to the default backend of an Ingress with rules, as the Kubernetes documentation has it
 * ("if none of the hosts or paths match … the traffic is routed to your default backend"). ingress-nginx answers 404
 * since its pull request 8825: a difference on purpose, off with `--exact`.
 */
function strayDefault(arrival: Arrival, host: Host): Decision | undefined {
  const { table, request, route } = arrival;
  const stray = table.strayDefault;
  if (stray === undefined || request.exact || host !== table.defaultHost) return undefined;
  if (route.backend !== undefined) return undefined;
  if (route.ingress !== undefined) return undefined;
  return decide(arrivalAt(stray, arrival));
}
