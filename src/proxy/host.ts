import { isIPv6 } from "node:net";

/** What nearly every Host header looks like; the rest takes the careful way. */
const PLAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i;
/** RFC 3986 section 3.2.2, `reg-name`, and bytes above 127, which nginx lets through as well. */
const NAME = /^[\w.~%!$&'()*+,;=\x80-\xff-]+$/;
const FUTURE = /^v[0-9a-f]+\.[\w.~!$&'()*+,;=:-]+$/i;

/**
 * Whether a Host header (or `:authority`) names a host, with or without a port.
 *
 * nginx answers 400 otherwise (`ngx_http_validate_host` in ngx_http_request.c, with the stricter rules of 1.29.4: the
 * characters of RFC 3986 section 3.2, one port of at most 65535).
 */
export function validHost(raw: string): boolean {
  if (PLAIN.test(raw)) return true;
  if (raw.startsWith("[")) {
    const end = raw.indexOf("]");
    return end > 0 && validLiteral(raw.slice(1, end)) && validPort(raw.slice(end + 1));
  }
  const colon = raw.indexOf(":");
  const name = colon < 0 ? raw : raw.slice(0, colon);
  return validName(name) && (colon < 0 || validPort(raw.slice(colon)));
}

/** A trailing dot is part of a name (`a.test.`); an empty label is not, nor is the dot alone. */
function validName(name: string): boolean {
  return NAME.test(name) && name !== "." && !name.includes("..");
}

function validLiteral(literal: string): boolean {
  return isIPv6(literal) ? !literal.includes("%") : FUTURE.test(literal);
}

/** `""`, `:` and `:8080`. */
function validPort(port: string): boolean {
  return port === "" || (/^:\d{0,5}$/.test(port) && Number(port.slice(1)) <= 65_535);
}
