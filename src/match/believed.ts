import { isIP } from "node:net";
import type { Forwarded } from "../model/controller.ts";
import type { RequestFacts } from "../model/decision.ts";
import { holds } from "./access.ts";

/**
 * A request as it is taken where the client's own headers are believed (`use-forwarded-headers`, `enable-real-ip`): its
 * address, and what it says that it asked for.
 *
 * Source: lua_ingress.lua, rewrite; nginx ngx_http_realip_module.c with `real_ip_recursive on`.
 */
export function believed(request: RequestFacts, forwarded: Forwarded): RequestFacts {
  const remoteAddress = realAddress(request, forwarded);
  const claims = forwarded.believed === "all" ? claimsOf(request) : undefined;
  return { ...request, remoteAddress, connectedFrom: request.remoteAddress, claims };
}

/** From the last address on, one further for each that is trusted; the first one where all of them are. */
function realAddress(request: RequestFacts, { header, trusted }: Forwarded): string {
  const listed = (request.header(header) ?? "").split(",").map((entry) => entry.trim());
  let address = request.remoteAddress;
  while (holds(trusted, address)) {
    const before = listed.pop();
    if (before === undefined || isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** A header that is there is believed, whatever it says. Of several hosts the first is (parse_x_forwarded_host). */
function claimsOf(request: RequestFacts): RequestFacts["claims"] {
  const host = request.header("x-forwarded-host")?.split(",")[0]?.trim();
  return {
    scheme: request.header("x-forwarded-proto"),
    port: request.header("x-forwarded-port"),
    host: host === "" ? undefined : host,
  };
}
