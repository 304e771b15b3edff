import type { Scheme } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { Re2 } from "../../re2/re2.ts";
import { replaceAll } from "../../re2/replace.ts";
import type { Template } from "../../re2/template.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { answeredBy, targetNow, uriOf } from "./target.ts";

/** `redirectScheme`: to another scheme or port. */
export interface RedirectSchemeStep {
  readonly kind: "redirect-scheme";
  readonly scheme: string;
  /** With its colon; `""`: the scheme's own */
  readonly port: string;
  readonly permanent: boolean;
  readonly by: string;
}

/** `redirectByRegex`: to what an expression makes of the whole URL. */
export interface RedirectRegexStep {
  readonly kind: "redirect-regex";
  readonly pattern: Re2;
  readonly replacement: Template;
  readonly permanent: boolean;
  readonly by: string;
}

/** A URL as the middleware's own expression takes it apart (pkg/middlewares/redirect, uriPattern). */
const HOST = /^(\[[\w:.]+\]|[\w._-]+)?(:\d+)?$/;

/** pkg/middlewares/redirect/redirect_scheme.go */
export function redirectScheme(at: Arrival, step: RedirectSchemeStep): Change | undefined {
  const { scheme, port, permanent, by } = step;
  const { request } = at;
  const now = schemeNow(at);
  const sent = request.authority ?? request.host;
  const [, host = "", written = ""] = HOST.exec(sent) ?? [undefined, sent.replace(/:\d+$/, ""), ""];
  const usual = (now === "http" && written === ":80") || (now === "https" && written === ":443");
  const uri = uriOf(targetNow(at));
  const old = `${now}://${host}${usual ? "" : written}${uri}`;
  const location = `${scheme}://${host}${port}${uri}`;
  if (old === location) return undefined;
  const here = localPort(at, scheme, port);
  const local = here === undefined ? undefined : `${scheme}://${host}:${here}${uri}`;
  return redirected(at, { location, local, permanent, by });
}

/** What a trusted client says counts. */
function schemeNow({ request }: Arrival): string {
  const said = request.header("x-forwarded-proto");
  return said === "https" || said === "http" ? said : request.scheme;
}

/** The port here for a scheme at its own port in production. */
function localPort({ request }: Arrival, scheme: string, port: string): number | undefined {
  if (request.exact || port !== "" || (scheme !== "http" && scheme !== "https")) return undefined;
  const local = request.ports[scheme satisfies Scheme];
  return local === (scheme === "https" ? 443 : 80) ? undefined : local;
}

/** pkg/middlewares/redirect/redirect_regex.go */
export function redirectByRegex(at: Arrival, step: RedirectRegexStep): Change | undefined {
  const { pattern, replacement, permanent, by } = step;
  const { request } = at;
  const old = `${request.scheme}://${request.authority ?? request.host}${uriOf(targetNow(at))}`;
  if (pattern.find(old) === null) return undefined;
  const location = replaceAll(pattern, old, replacement);
  if (location === undefined)
    return answeredBy(at, 500, undefined, `${by}: its expression is too complex for this URL`);
  if (location === old) return undefined;
  if (!isGoUrl(location)) return answeredBy(at, 502, undefined, `${by} makes ${location}, which is no URL`);
  return redirected(at, { location, permanent, by });
}

/** 302 or 301 for a GET; every other method keeps itself, HEAD too. */
function redirected(
  { request, route }: Arrival,
  {
    location,
    local,
    permanent,
    by,
  }: {
    readonly location: string;
    readonly local?: string | undefined;
    readonly permanent: boolean;
    readonly by: string;
  },
): Change {
  const status = request.method === "GET" ? (permanent ? 301 : 302) : permanent ? 308 : 307;
  const why = [reason("middleware", `${by} redirects`), ...route.why];
  return {
    decision: {
      kind: "redirect",
      status,
      location: local ?? location,
      production: local === undefined ? undefined : location,
      route,
      why,
    },
  };
}

/** True for what net/url parses. */
function isGoUrl(text: string): boolean {
  if (/[\x00-\x1f\x7f]/.test(text) || text.startsWith(":")) return false;
  const [, scheme, rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? [
    undefined,
    undefined,
    text,
  ];
  const [path = ""] = rest.split(/[?#]/);
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return false;
  if (!path.startsWith("//")) return scheme !== undefined || !(path.split("/")[0] ?? "").includes(":");
  const [authority = ""] = path.slice(2).split("/");
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return /^(?:\[[^[\]]*\]|[^[\]:\s<>"]*)(?::\d*)?$/.test(host);
}
