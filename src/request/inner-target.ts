/** A target inside nginx: a path that is decoded already, and what follows the `?`. */
export interface InnerTarget {
  readonly path: string;
  readonly query: string;
}

/**
 * The target that a backend names in `X-Accel-Redirect`: its path is decoded once, `//` and `/./` stay. `undefined` for one
 * that nginx takes for unsafe: none, with a NUL, or with a `..` (ngx_http_parse_unsafe_uri). One char a byte.
 */
export function innerTarget(value: string): InnerTarget | undefined {
  const mark = value.indexOf("?");
  const raw = mark < 0 ? value : value.slice(0, mark);
  const path = raw.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  // nginx finds no location for a path that is not rooted.
  if (!path.startsWith("/") || path.includes("\0") || path.split("/").includes("..")) return undefined;
  return { path, query: mark < 0 ? "" : value.slice(mark + 1) };
}
