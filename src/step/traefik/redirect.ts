import type { Scheme } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { Re2 } from "../../re2/re2.ts";
import { replaceAll } from "../../re2/replace.ts";
import type { Template } from "../../re2/template.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { goLocation } from "./go-location.ts";
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

/** Name, port, and what neither is (pkg/middlewares/redirect, uriPattern). */
const HOST = /^(\[[\w:.]+\]|[\w._-]+)?(:\d+)?(.*)$/s;

/** pkg/middlewares/redirect/redirect_scheme.go */
export function redirectScheme(at: Arrival, step: RedirectSchemeStep): Change | undefined {
  const { scheme, port, permanent, by } = step;
  const { request } = at;
  const now = schemeNow(at);
  const sent = request.authority ?? request.host;
  const [, host = "", written = "", odd = ""] = HOST.exec(sent) ?? [];
  const usual = (now === "http" && written === ":80") || (now === "https" && written === ":443");
  const rest = odd + uriOf(targetNow(at));
  const old = `${now}://${host}${usual && odd === "" ? "" : written}${rest}`;
  const made = `${scheme}://${host}${port}${rest}`;
  const location = goLocation(made);
  if (location === undefined) return noUrl(at, made, by);
  if (old === made) return undefined;
  const here = localPort(at, scheme, port);
  const local = here === undefined ? undefined : goLocation(`${scheme}://${host}:${here}${rest}`);
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
  const made = replaceAll(pattern, old, replacement);
  if (made === undefined)
    return answeredBy(at, 500, undefined, `${by}: its expression is too complex for this URL`);
  const location = goLocation(made);
  if (location === undefined) return noUrl(at, made, by);
  return made === old ? undefined : redirected(at, { location, permanent, by });
}

function noUrl(at: Arrival, made: string, by: string): Change {
  return answeredBy(at, 502, undefined, `${by} makes ${JSON.stringify(made)}, which is no URL`);
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
