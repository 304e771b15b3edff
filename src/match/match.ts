import type { Decision, RequestFacts } from "../model/decision.ts";
import type { Pattern } from "../model/pattern.ts";
import type { ReadPath } from "../model/plane.ts";
import { reason } from "../model/reason.ts";
import type { EntryPoint, RouteEntry } from "../model/route/selection.ts";
import type { Route, RouteTable } from "../model/route.ts";
import { hostNameOf } from "../request/host.ts";
import { ownLocation } from "../request/own-location.ts";
import { escapeUri } from "../request/path.ts";
import { findVirtualHost } from "../select/host.ts";
import { select } from "../select/select.ts";
import { entryPointFor } from "../select/table.ts";
import { type Arrival, locationOf } from "../step/arrival.ts";
import { decide, finishedBy, responseHeadersOf } from "../step/decide.ts";
import { type AtHost, beforeEntries, type Observer } from "./before.ts";
import { withForwardedHeaders } from "./forwarded-headers.ts";
import { ownPath } from "./own-paths.ts";
import { withUnserved } from "./unserved.ts";

/**
 * The target of a request, and the reasons. Never throws, and takes a few milliseconds at most.
 *
 * In nginx's order: path normalisation or refusal, server and client certificate, `app-root`, location, and
 * its steps.
 */
export function match(table: RouteTable, asked: RequestFacts, see?: Observer): Decision {
  const point = entryPointFor(table, asked);
  const decision = matchOwn(table, asked, point, see);
  const { reply } = point?.plane ?? table.plane;
  return reply === undefined || decision.kind !== "respond" ? decision : reply(decision, asked);
}

function matchOwn(
  table: RouteTable,
  asked: RequestFacts,
  point: EntryPoint | undefined,
  see: Observer | undefined,
): Decision {
  const { forwarded = table.options.forwarded } = point ?? {};
  if (forwarded === undefined) return withUnserved(table, asked, matchAsIs(table, asked, point, see));
  const request = withForwardedHeaders(asked, forwarded);
  const { remoteAddress } = request;
  const decision = withUnserved(table, request, matchAsIs(table, request, point, see));
  return remoteAddress === asked.remoteAddress ? decision : { ...decision, remoteAddress };
}

const BAD_PATH = reason("bad-path", "the path has a bad escape, or leads above the root");

/** No client sees it: the connection ends before a request. */
const NO_HANDSHAKE: Decision = {
  kind: "respond",
  status: 421,
  madeBy: "head",
  why: [
    reason("misdirected", "no listener is for the name in the TLS handshake, so the connection is reset"),
  ],
};

const MOVED = reason(
  "escaped-slash",
  "an escaped slash is decoded, and the client is sent to the path without it",
);

function matchAsIs(
  table: RouteTable,
  request: RequestFacts,
  point: EntryPoint | undefined,
  see: Observer | undefined,
): Decision {
  if (request.inner !== undefined)
    return inside(table, request, point, { ...request.inner, quoted: false }, see);
  const { readPath } = point?.plane ?? table.plane;
  const path = readPath(request.target, request.scheme);
  if (path === undefined) return { kind: "respond", status: 400, why: [BAD_PATH] };
  if (path.moved !== undefined) return { kind: "redirect", status: 307, location: path.moved, why: [MOVED] };
  return atHost(table, request, point, path, see);
}

/** An internal redirect (ngx_http_internal_redirect): a GET or HEAD. */
function inside(
  table: RouteTable,
  asked: RequestFacts,
  point: EntryPoint | undefined,
  path: ReadPath,
  see: Observer | undefined,
): Decision {
  const method = asked.method === "HEAD" ? "HEAD" : "GET";
  const request = { ...asked, method, inner: path };
  const decision = atHost(table, request, point, path, see);
  return decision.kind === "forward" && method !== asked.method ? { ...decision, method: "GET" } : decision;
}

function atHost(
  table: RouteTable,
  request: RequestFacts,
  point: EntryPoint | undefined,
  path: ReadPath,
  see: Observer | undefined,
): Decision {
  const name = hostNameOf(table, request);
  if (point === undefined) return NO_HANDSHAKE;
  const host = findVirtualHost(point.selection, name);
  const at: AtHost = { table, request, name, host, path, see };
  const early = beforeEntries(at);
  if (early === undefined) return locate(at);
  if (early.kind === "internal")
    return inside(table, request, point, table.plane.readPath(early.path) ?? path, see);
  return outside(early, table, request);
}

/** A decision outside of any location. */
function outside(decision: Decision, { outside: route }: RouteTable, request: RequestFacts): Decision {
  return route === undefined ? decision : finishedBy(route, decision, request);
}

/** Finds the entry and decides there. */
function locate(at: AtHost): Decision {
  const { table, request, see } = at;
  const found = select(at.host, at);
  switch (found.kind) {
    case "route":
      return decide(arrivalBy(found, at), see?.step);
    case "one-of": {
      const [first] = found.entries;
      const taken = found.entries[request.drawn ?? 0] ?? first;
      const oneOf = found.entries.filter((entry) => entry !== taken).map(({ route }) => route);
      return { ...decide(arrivalBy(taken, at), see?.step), oneOf };
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
  return { table, request, host, path, location, route };
}

function tooComplex({ source }: Pattern): Decision {
  const why = `the regular expression ${source} backtracks too much on this path; nginx gives up with 500 as well`;
  return { kind: "respond", status: 500, why: [reason("regex-too-complex", why)] };
}

/** nginx answers as the location, so its response headers apply (ngx_http_core_find_static_location). */
function redirectToSlash(route: Route, at: AtHost): Decision {
  const { path, request } = at;
  const query = path.query === "" ? "" : `?${path.query}`;
  const isRelative = route.transport.relativeRedirects === true;
  const text = `the path ends in a slash in the manifest; nginx redirects ${path.path} to it`;
  return {
    kind: "redirect",
    status: 301,
    ...ownLocation(request, `${escapeUri(path.path)}/${query}`, isRelative),
    route,
    responseHeaders: responseHeadersOf({ request, path, route }),
    why: [reason("slash-redirect", text), ...route.why],
  };
}
