import { createHash } from "node:crypto";
import type { Balancing } from "../../model/route/balancing.ts";
import type { ServerCookie } from "../../model/route/server-cookie.ts";

/** Endpoints in turn, but for clients with the cookie. */
export function balancingBy(upstream: string, sticky: ServerCookie): Balancing {
  return { upstream, endpoints: "pods", sticky, why: [] };
}

/**
 * The cookie's name: without one, some digits of the service's (pkg/server/cookie, GetName). What no cookie's name may hold
 * becomes `_`.
 */
export function cookieName(written: string, service: string): string {
  if (written !== "") return written.replace(/[^A-Za-z0-9!#$%&'*+\-.^_`|~]/g, "_");
  return `_${createHash("sha1").update(`_TRAEFIK_BACKEND_${service}`).digest("hex").slice(0, 5)}`;
}

/** A service's name in a cookie (pkg/server/service/loadbalancer/sticky.go, hash). */
export function cookieKey(service: string): string {
  return createHash("sha256").update(service).digest("hex").slice(0, 16);
}

/** An unknown word is none. */
export function sameSiteOf(text: string): ServerCookie["sameSite"] {
  switch (text.toLowerCase()) {
    case "none":
      return "None";
    case "lax":
      return "Lax";
    case "strict":
      return "Strict";
    default:
      return undefined;
  }
}
