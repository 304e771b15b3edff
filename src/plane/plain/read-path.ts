import type { ReadPath } from "../../model/plane.ts";

/** Nothing to encode or decode. */
const SIMPLE = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;
/** An escape, or a byte that URI paths exclude (RFC 3986 section 3.3). */
const UNEQUAL = /%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * The normal form of a path's equivalent spellings; one char per byte.
 *
 * The Ingress specification compares paths by element, respecting case, and does not mention escapes. So two
 * paths are equal if they are equivalent URIs (RFC 3986 section 6.2.2): `%7E` is `~`, `%2f` is `%2F`. An
 * escaped slash does not separate elements, because `/` is reserved (section 2.2). Bytes that no URI allows
 * count as escaped, so a manifest's `/ä` matches what clients send (RFC 3987 section 3.1). Dot segments and
 * empty segments are ordinary elements: clients remove them (section 5.2.4), the specification does not.
 */
export function comparablePath(path: string): string {
  if (SIMPLE.test(path)) return path;
  return path.replace(UNEQUAL, (found, hex: string | undefined) => {
    if (hex === undefined) return escapeByte(found);
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(char) ? char : found.toUpperCase();
  });
}

/** Reads a request's target, which goes to the backend unchanged. */
export function readPlainPath(target: string): ReadPath {
  const mark = target.indexOf("?");
  return {
    path: comparablePath(mark < 0 ? target : target.slice(0, mark)),
    query: mark < 0 ? "" : target.slice(mark + 1),
    quoted: false,
  };
}

function escapeByte(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
