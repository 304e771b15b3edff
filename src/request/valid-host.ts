/** Fast path for nearly every Host header. */
const PLAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i;
const FORBIDDEN = /[\0-\x20\x7f/]|\.\./;

/**
 * True for a Host header (or `:authority`) that names a host, ignoring anything after a colon; otherwise
 * nginx answers 400.
 *
 * Source: ngx_http_validate_host in ngx_http_request.c of the controller's nginx, 1.27. Later ones are
 * stricter.
 */
export function validHost(raw: string): boolean {
  if (PLAIN.test(raw)) return true;
  if (FORBIDDEN.test(raw)) return false;
  const literal = raw.startsWith("[") ? raw.indexOf("]") + 1 || raw.length : 0;
  const colon = literal > 0 ? literal : raw.indexOf(":");
  const name = colon < 0 ? raw : raw.slice(0, colon);
  return name !== "" && name !== ".";
}
