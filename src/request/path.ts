/** The path of a request as nginx sees it. Strings hold one char a byte. */
export interface NormalisedPath {
  /** Decoded, without `.`, `..` and `//`: what locations and rewrites are matched against (`$uri`). */
  readonly path: string;
  /** What follows the first `?`, raw, without it and without a fragment (`$args`). */
  readonly query: string;
  /** Whether the raw path had a `%` or a `+`: then captures are escaped in redirects (`quoted_uri`, `plus_in_uri`). */
  readonly quoted: boolean;
}

/** Of a request whose path is not known, or does not count any more. */
export const NO_PATH: NormalisedPath = { path: "/", query: "", quoted: false };

/** A path of a manifest as requests have it: its UTF-8 bytes, one char each. */
export function pathBytes(path: string): string {
  return /^[\x00-\x7f]*$/.test(path) ? path : Buffer.from(path, "utf8").toString("latin1");
}

/** Most requests need no work: no `%`, `#`, `//` and no segment that starts with a dot. */
const SIMPLE = /^\/(?:[^%#?/.][^%#?/]*\/)*(?:[^%#?/.][^%#?/]*)?(?:\?[^#]*)?$/;

/**
 * Normalises a raw request target as nginx does: one pass that decodes `%XX` once and lets the decoded byte act as if
 * it had been written so (`%2F` separates, `%2e%2e` goes up), merges slashes and resolves dot segments.
 *
 * `undefined` where nginx answers 400: a bad escape, `%00`, or a path above the root.
 * Source: nginx src/http/ngx_http_parse.c, ngx_http_parse_complex_uri (merge_slashes on).
 */
export function normalisePath(target: string): NormalisedPath | undefined {
  if (SIMPLE.test(target)) {
    const mark = target.indexOf("?");
    return mark === -1
      ? { path: target, query: "", quoted: target.includes("+") }
      : {
          path: target.slice(0, mark),
          query: target.slice(mark + 1),
          quoted: target.lastIndexOf("+", mark) >= 0,
        };
  }
  const end = endOfPath(target);
  const path = resolveSegments(target.slice(0, end));
  if (path === undefined) return undefined;
  const fragment = target.indexOf("#", end);
  const query = target[end] === "?" ? target.slice(end + 1, fragment === -1 ? undefined : fragment) : "";
  return { path, query, quoted: /[%+]/.test(target.slice(0, end)) };
}

/** Index of the `?` or `#` that ends the path. An escaped one (`%3f`, `%23`) is part of the path. */
function endOfPath(target: string): number {
  const end = target.search(/[?#]/);
  return end === -1 ? target.length : end;
}

/**
 * Decodes, merges slashes and resolves dots. A dot counts as a segment's only when the segment is exactly `.` or `..`.
 *
 * Splitting the decoded text is the same as nginx's state machine, because the machine puts every decoded byte through
 * the state it was in, with two exceptions that cannot form a separator or a dot: `%25` and `%23`, and `%3f`.
 */
function resolveSegments(raw: string): string | undefined {
  const decoded = decodeOnce(raw);
  if (decoded === undefined) return undefined;
  const segments = decoded.split("/");
  const last = segments.length - 1;
  const kept: string[] = [];
  for (let index = 1; index <= last; index++) {
    const segment = segments[index] ?? "";
    const dots = segment === "." || segment === "..";
    if (segment === "..") {
      if (kept.length === 0) return undefined;
      kept.pop();
    }
    // Empty segments are merged away, except the last one: it is the trailing slash.
    if (segment !== "" && !dots) kept.push(segment);
    else if (index === last) kept.push("");
  }
  return `/${kept.join("/")}`;
}

function decodeOnce(raw: string): string | undefined {
  if (!raw.includes("%")) return raw;
  let bad = false;
  const decoded = raw.replace(/%(.?.?)/gs, (_, hex: string) => {
    if (!/^[0-9a-fA-F]{2}$/.test(hex) || hex === "00") bad = true;
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  return bad ? undefined : decoded;
}

/** Bytes that nginx escapes in a URI it has changed (ngx_escape_uri, NGX_ESCAPE_URI, since nginx 1.21.1). */
const UNSAFE_IN_URI = /[\x00-\x20"#%<>?\\^`{|}\x7f-\xff]/g;
/** The same for what becomes part of a query or a redirect (NGX_ESCAPE_ARGS). */
const UNSAFE_IN_ARGS = /[\x00-\x20"#%&+;<>?\\^`{|}\x7f-\xff]/g;

function escapeByte(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** A path that was rewritten, as nginx sends it on (ngx_http_proxy_create_request). */
export function escapeUri(path: string): string {
  return path.replace(UNSAFE_IN_URI, escapeByte);
}

/** A capture that is put into a redirect (ngx_http_script_copy_capture_code). */
export function escapeArgs(text: string): string {
  return text.replace(UNSAFE_IN_ARGS, escapeByte);
}

/** A text as one component of a URL: all but letters, digits and `-._~` (set-misc's set_escape_uri). */
export function escapeComponent(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~]/g, escapeByte);
}
