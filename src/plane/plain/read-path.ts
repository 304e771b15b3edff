import type { ReadPath } from "../../model/plane.ts";

/** Nothing to encode, nothing to decode. */
const SIMPLE = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;
/** An escape, or a byte that a path of a URI may not have (RFC 3986 section 3.3). */
const UNEQUAL = /%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * A path in the one form that all equivalent spellings of it have. One char a byte.
 *
 * The Ingress specification compares paths element by element and with regard to case, and is silent about escapes. So
 * two paths are equal here if they are equivalent as URIs (RFC 3986 section 6.2.2): `%7E` is `~`, `%2f` is `%2F`. An
 * escaped slash does not separate elements, because `/` is reserved (section 2.2). A byte that no URI may have counts as
 * escaped, so that `/ä` of a manifest is what clients send for it (RFC 3987 section 3.1). Dot segments and empty
 * segments are elements like any other: a client removes them (section 5.2.4), the specification does not.
 */
export function comparablePath(path: string): string {
  if (SIMPLE.test(path)) return path;
  return path.replace(UNEQUAL, (found, hex: string | undefined) => {
    if (hex === undefined) return escapeByte(found);
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(char) ? char : found.toUpperCase();
  });
}

/** Reads the target of a request. It goes to the backend as it came. */
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
