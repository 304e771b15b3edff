/** An internal target of nginx: decoded path, and query without `?`. */
export interface InnerTarget {
  readonly path: string;
  readonly query: string;
}

/**
 * The target in an `X-Accel-Redirect`: path decoded once, `//` and `/./` kept, one char per byte. `undefined`
 * if nginx calls it unsafe: empty, with NUL or with `..` (ngx_http_parse_unsafe_uri).
 */
export function innerTarget(value: string): InnerTarget | undefined {
  const mark = value.indexOf("?");
  const raw = mark < 0 ? value : value.slice(0, mark);
  const path = raw.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  // No nginx location matches a path without a leading slash.
  if (!path.startsWith("/") || path.includes("\0") || path.split("/").includes("..")) return undefined;
  return { path, query: mark < 0 ? "" : value.slice(mark + 1) };
}
