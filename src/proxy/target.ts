/** A request's target in origin form, and the authority where the target named one. */
export interface Target {
  readonly target: string;
  /** Only for a target in absolute form: it takes the place of the Host header (RFC 9112 section 3.2.2). */
  readonly authority?: string;
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/is;

/**
 * The target of a request line in origin form, raw; undefined where it has no path (`*`, an authority): nginx answers 400.
 *
 * A fragment is left off: it never belongs on the wire, and nginx ends the URI there as well (ngx_http_parse.c).
 */
export function originForm(url: string): Target | undefined {
  if (url.startsWith("/")) return { target: withoutFragment(url) };
  const found = ABSOLUTE.exec(url);
  if (found === null) return undefined;
  const [, authority = "", rest = ""] = found;
  const target = withoutFragment(rest);
  return { authority, target: target.startsWith("/") ? target : `/${target}` };
}

function withoutFragment(target: string): string {
  const hash = target.indexOf("#");
  return hash < 0 ? target : target.slice(0, hash);
}
