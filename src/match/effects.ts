import type { Decision, RequestFacts } from "../model/decision.ts";
import type { Backend, Route, RouteTable } from "../model/route.ts";
import { hostName, wildcardOf, withoutPort } from "./host.ts";
import { escapeArgs, escapeUri, type NormalisedPath } from "./path.ts";

/** A request that has found its route. */
export interface Arrival {
  readonly table: RouteTable;
  readonly request: RequestFacts;
  readonly path: NormalisedPath;
  readonly route: Route;
}

/** What an annotation does to a request on its way: a decision of its own, or nothing. */
type Effect = (arrival: Arrival) => Decision | undefined;

/**
 * What happens to a request that has found its location, in the order in which ingress-nginx lets it happen: the
 * `return` of a redirect annotation, the redirect to https (Lua, rewrite phase), then the backend.
 *
 * `app-root` comes before all of these, and before the location: see `match`.
 */
const ORDER_OF_EFFECT: readonly Effect[] = [
  annotatedRedirect,
  redirectToHttps,
  noBackend,
  rewritten,
  forwarded,
];

/** The decision of the first effect that has one. */
export function decide(arrival: Arrival): Decision {
  for (const effect of ORDER_OF_EFFECT) {
    const decision = effect(arrival);
    if (decision !== undefined) return decision;
  }
  throw new Error("the last effect always decides");
}

/** `permanent-redirect`, `temporal-redirect`: the URL as it is, no path appended (nginx.tmpl `return`). */
function annotatedRedirect({ route }: Arrival): Decision | undefined {
  const redirect = route.settings.redirect;
  if (redirect === undefined) return undefined;
  const why = [`the annotation ${redirect.annotation} answers every request of this path`, ...route.why];
  return { kind: "redirect", status: redirect.status, location: redirect.location, route, why };
}

/** Locations below it are never redirected to https (ConfigMap no-tls-redirect-locations, default). */
const ACME_CHALLENGE = "/.well-known/acme-challenge";

/** `ssl-redirect`, `force-ssl-redirect` (lua_ingress.lua, redirect_to_https and rewrite). */
function redirectToHttps({ table, request, route }: Arrival): Decision | undefined {
  const { sslRedirect } = route.settings;
  if (request.scheme !== "http" || sslRedirect === "never") return undefined;
  if (route.rule?.path.startsWith(ACME_CHALLENGE)) return undefined;
  const forced = sslRedirect === "always";
  if (!forced && !hasCertificate(table, hostName(request.host))) return undefined;
  const host = withoutPort(request.host);
  // One trailing slash is cut off the raw request URI, query included.
  const uri = request.target.replace(/\/$/, "");
  const production = `https://${host}${uri}`;
  const local = `https://${host}:${request.ports.https}${uri}`;
  const reason = forced
    ? "force-ssl-redirect is set"
    : "the host has TLS, and ssl-redirect is on unless switched off";
  return {
    kind: "redirect",
    status: 308,
    location: request.exact ? production : local,
    production: request.exact ? undefined : production,
    route,
    why: [`http is redirected to https: ${reason}`, ...route.why],
  };
}

/** Whether a certificate is configured for a name, or for the wildcard that covers it (certificate.lua). */
function hasCertificate(table: RouteTable, name: string): boolean {
  if (table.tlsNames.size === 0) return false;
  if (table.tlsNames.has(name)) return true;
  const wildcard = wildcardOf(name);
  return wildcard !== undefined && table.tlsNames.has(wildcard);
}

function noBackend({ route }: Arrival): Decision | undefined {
  return route.backend === undefined ? { kind: "respond", status: 404, route, why: route.why } : undefined;
}

/** `rewrite-target` (template.go buildProxyPass: `rewrite "(?i)<path>" <target> break`). */
function rewritten(arrival: Arrival): Decision | undefined {
  const { route, path } = arrival;
  const rewrite = route.settings.rewrite;
  if (rewrite === undefined || !hasBackend(route)) return undefined;
  const found = rewrite.pattern.exec(path.path);
  if (found === "too-complex") return tooComplex(route);
  if (found === null) return undefined;
  if (/^https?:\/\//.test(rewrite.target)) return redirectByRewrite(arrival, rewrite.target, found);
  const uri = fill(rewrite.target, found, asIs);
  const status = uri === "" ? 500 : uri.startsWith("/") ? undefined : 400;
  if (status !== undefined) {
    const why = `rewrite-target "${rewrite.target}" makes "${uri}" of this path, which is no path`;
    return { kind: "respond", status, route, why: [why, ...route.why] };
  }
  const query = path.query === "" ? "" : `?${path.query}`;
  return {
    kind: "forward",
    route,
    upstreamPath: escapeUri(uri) + query,
    why: route.why,
  };
}

/** A rewrite to a URL is a 302 to it, with the query put behind it (ngx_http_script_regex_end_code). */
function redirectByRewrite({ route, path }: Arrival, target: string, found: RegExpExecArray): Decision {
  const encode = path.quoted ? escapeCapture : asIs;
  const query = path.query === "" ? "" : `?${path.query}`;
  const location = fill(target, found, encode) + query;
  const why = ["rewrite-target is a URL, so nginx redirects to it instead of forwarding", ...route.why];
  return { kind: "redirect", status: 302, location, route, why };
}

function asIs(capture: string): string {
  return capture;
}

/** nginx escapes a capture and then takes printable characters above `%` back (NGX_UNESCAPE_REDIRECT). */
function escapeCapture(capture: string): string {
  return escapeArgs(capture).replace(/%(2[6-9A-F]|[3-6][0-9A-F]|7[0-9A-E])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Puts captures for `$1` to `$9`; a group that took no part is empty. */
function fill(target: string, found: RegExpExecArray, encode: (capture: string) => string): string {
  return target.replace(/\$(\d)/g, (_, group: string) => encode(found[Number(group)] ?? ""));
}

function tooComplex(route: Route): Decision {
  const why =
    "the path's regular expression backtracks too much on this request; nginx gives up with 500 as well";
  return { kind: "respond", status: 500, route, why: [why, ...route.why] };
}

/** Without a rewrite the backend is asked for the raw target (proxy_pass without a URI). */
function forwarded({ route, request }: Arrival): Decision | undefined {
  return hasBackend(route)
    ? { kind: "forward", route, upstreamPath: request.target, why: route.why }
    : undefined;
}

function hasBackend(route: Route): route is Route & { readonly backend: Backend } {
  return route.backend !== undefined;
}
