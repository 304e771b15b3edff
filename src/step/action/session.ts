import type { Choice, RequestFacts, SessionCookie } from "../../model/decision.ts";
import type { Affinity } from "../../model/route/balancing.ts";
import { serverName, wildcardOf } from "../../request/host.ts";
import type { Arrival } from "../arrival.ts";

/** The endpoint and upstream of a session cookie (sticky.lua, get_cookie_parsed). */
export function sessionKeys(
  { cookie }: Affinity,
  request: RequestFacts,
): { readonly endpoint: string | undefined; readonly backendKey: string | undefined } {
  const value = lastCookie(request.header("cookie") ?? "", cookie);
  const [endpoint, backendKey] = value?.split("|").filter((part) => part !== "") ?? [];
  return { endpoint, backendKey };
}

/** The values of a cookie, in order (net/http, readCookies). */
export function cookiesNamed({ header }: Pick<RequestFacts, "header">, name: string): readonly string[] {
  const pairs = (header("cookie") ?? "").split(";").map((pair) => pair.trim());
  const begun = `${name}=`;
  return pairs.filter((pair) => pair.startsWith(begun)).map((pair) => pair.slice(begun.length));
}

/** Names respect case, a value also ends at a space, and the last cookie counts (lua-resty-cookie). */
function lastCookie(header: string, name: string): string | undefined {
  const values = header
    .split(/[; \t]+/)
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.at(-1);
}

/** `affinity: cookie` (sticky.lua, balance). */
export function sessionChoice(affinity: Affinity, upstream: string, arrival: Arrival): Choice {
  const { mode, changeOnFailure } = affinity;
  const { endpoint } = sessionKeys(affinity, arrival.request);
  const cookie = isSet(affinity, arrival) ? cookieFor(affinity, arrival) : undefined;
  return { kind: "session", sent: endpoint, mode, upstream, changeOnFailure, cookie };
}

function locationPath({ route }: Arrival): string {
  return route.rule?.path ?? "/";
}

/**
 * If another Ingress uses the upstream without affinity, the cookie is read but not set (should_set_cookie).
 */
function isSet({ locations }: Affinity, arrival: Arrival): boolean {
  const { request, host } = arrival;
  const name = serverName(request);
  const paths =
    host.name === "_" ? locations.get("_") : (locations.get(name) ?? locations.get(wildcardOf(name) ?? ""));
  return paths?.includes(locationPath(arrival)) === true;
}

/** Attributes in the order of lua-resty-cookie, bake. */
function cookieFor(affinity: Affinity, arrival: Arrival): SessionCookie {
  const { request } = arrival;
  const { maxAge, domain, path = locationPath(arrival) } = affinity;
  const secure = affinity.secure || request.scheme === "https";
  const sameSite = sameSiteFor(affinity, request);
  const attributes = [
    maxAge === undefined ? "" : `; Max-Age=${maxAge}`,
    domain === undefined ? "" : `; Domain=${domain}`,
    `; Path=${path}`,
    secure ? "; Secure" : "",
    "; HttpOnly",
    sameSite === undefined ? "" : `; SameSite=${sameSite}`,
  ].join("");
  return { name: affinity.cookie, suffix: `|${affinity.backendKey}`, expires: affinity.expires, attributes };
}

function sameSiteFor(
  { sameSite, conditionalSameSiteNone }: Affinity,
  request: RequestFacts,
): Affinity["sameSite"] {
  if (sameSite !== "None" || !conditionalSameSiteNone) return sameSite;
  return refusesNone(request.header("user-agent") ?? "") ? undefined : sameSite;
}

/** Browsers that reject a cookie with `SameSite=None` (util/same_site.lua). */
function refusesNone(agent: string): boolean {
  if (/Chrome\/[456]|CPU iPhone OS 12|iPad; CPU OS 12/.test(agent)) return true;
  return (
    agent.includes("Macintosh") &&
    agent.includes("Intel Mac OS X 10_14") &&
    agent.includes("Safari") &&
    !agent.includes("Chrome")
  );
}
