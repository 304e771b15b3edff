import type { ReadHeaders } from "../../model/plane.ts";
import { hostName } from "../host.ts";

/** The host and the target of a request, raw. */
export interface RequestAddress {
  /** As lua_ingress.lua has it: `$http_host`, or else `$host`; `""`: none. */
  readonly host: string;
  /** Only of a target in absolute form: it takes the place of the Host header (RFC 9112 section 3.2.2). */
  readonly authority: string | undefined;
  /** In origin form. A target that nginx answers with 400 stays unchanged; it does not start with a slash. */
  readonly target: string;
}

/** nginx takes letters, digits, dots and hyphens for the host here, or an address in brackets (ngx_http_parse.c). */
const ABSOLUTE =
  /^[a-z][a-z0-9+.-]*:\/\/((?:[a-z0-9.-]+|\[[a-z0-9:._~!$&'()*+,;=-]+\])(?::\d*)?)([/?].*)?$/is;

/**
 * Reads the target of a request line. `pseudoAuthority`: `:authority` of HTTP/2.
 *
 * A fragment never belongs on the wire, yet nginx passes one on (`valid_unparsed_uri` in ngx_http_parse.c).
 */
export function requestAddress(
  url: string,
  head: Pick<ReadHeaders, "hosts" | "host">,
  pseudoAuthority: string | undefined,
): RequestAddress {
  const host = head.hosts > 0 ? head.host : (pseudoAuthority ?? "");
  if (url.startsWith("/")) return { host, authority: undefined, target: url };
  const found = ABSOLUTE.exec(url);
  if (found === null) return { host, authority: undefined, target: url };
  const [, authority = "", target = ""] = found;
  const isNamed = head.hosts > 0 || pseudoAuthority !== undefined;
  return {
    host: isNamed ? host : hostName(authority),
    authority,
    target: target.startsWith("/") ? target : `/${target}`,
  };
}
