import type { ReadPath } from "../model/plane.ts";

/** For a request whose path is unknown or no longer matters. */
export const NO_PATH: ReadPath = { path: "/", query: "", quoted: false };

/** Fast path for most requests: no `%`, `#`, `//`, and no segment that starts with a dot. */
const SIMPLE = /^\/(?:[^%#?/.][^%#?/]*\/)*(?:[^%#?/.][^%#?/]*)?(?:\?[^#]*)?$/;

/**
 * Normalises a raw request target as nginx does. One pass decodes `%XX` once, merges slashes and resolves dot
 * segments; decoded bytes count as written (`%2F` separates, `%2e%2e` goes up).
 *
 * `path` is nginx's `$uri`, `query` its `$args`, without a fragment.
 *
 * `undefined`: nginx answers 400, for a bad escape, `%00` or a path above the root. Source: nginx
 * src/http/ngx_http_parse.c, ngx_http_parse_complex_uri (merge_slashes on).
 */
export function normalisePath(target: string): ReadPath | undefined {
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

/** Index of the `?` or `#` that ends the path. Escaped ones (`%3f`, `%23`) belong to the path. */
function endOfPath(target: string): number {
  const end = target.search(/[?#]/);
  return end === -1 ? target.length : end;
}

/**
 * Decodes, merges slashes and resolves dots. Only the segments `.` and `..` are dot segments.
 *
 * Splitting the decoded text equals nginx's state machine, which feeds each decoded byte through its current
 * state. The exceptions `%25`, `%23` and `%3f` form neither separator nor dot.
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
    // An empty last segment is the trailing slash; other empty segments are merged away.
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

/** Bytes that nginx escapes in a changed URI (ngx_escape_uri, NGX_ESCAPE_URI, since nginx 1.21.1). */
const UNSAFE_IN_URI = /[\x00-\x20"#%<>?\\^`{|}\x7f-\xff]/g;
/** Bytes that nginx escapes in a query or redirect (NGX_ESCAPE_ARGS). */
const UNSAFE_IN_ARGS = /[\x00-\x20"#%&+;<>?\\^`{|}\x7f-\xff]/g;

function escapeByte(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** A rewritten path as nginx sends it upstream (ngx_http_proxy_create_request). */
export function escapeUri(path: string): string {
  return path.replace(UNSAFE_IN_URI, escapeByte);
}

/** A capture inside a redirect (ngx_http_script_copy_capture_code). */
export function escapeArgs(text: string): string {
  return text.replace(UNSAFE_IN_ARGS, escapeByte);
}

/** Escapes all but letters, digits and `-._~` (set-misc's set_escape_uri). */
export function escapeComponent(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~]/g, escapeByte);
}
