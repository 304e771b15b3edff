/** A request's target in origin form, and the authority where the target named one. */
export interface Target {
  readonly target: string;
  /** Only for a target in absolute form: it takes the place of the Host header (RFC 9112 section 3.2.2). */
  readonly authority?: string;
}

/** nginx takes letters, digits, dots and hyphens for the host here, or an address in brackets (ngx_http_parse.c). */
const ABSOLUTE =
  /^[a-z][a-z0-9+.-]*:\/\/((?:[a-z0-9.-]+|\[[a-z0-9:._~!$&'()*+,;=-]+\])(?::\d*)?)([/?].*)?$/is;

/**
 * The target of a request line in origin form, raw; undefined where nginx answers 400: it has no path (`*`, an
 * authority), or an absolute one has a bad host.
 *
 * A fragment never belongs on the wire, yet nginx passes one on (`valid_unparsed_uri` in ngx_http_parse.c).
 */
export function originForm(url: string): Target | undefined {
  if (url.startsWith("/")) return { target: url };
  const found = ABSOLUTE.exec(url);
  if (found === null) return undefined;
  const [, authority = "", target = ""] = found;
  return { authority, target: target.startsWith("/") ? target : `/${target}` };
}
