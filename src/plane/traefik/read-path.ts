import type { ReadPath } from "../../model/plane.ts";
import {
  cleanedGoPath,
  escapedGoPath,
  unescapePercent,
  withoutNeedlessEscapes,
} from "../../request/go-url.ts";

/** Nothing to decode, clean or escape. */
const SIMPLE =
  /^\/(?:[A-Za-z0-9\-_~$&+,:;=@][A-Za-z0-9\-_.~$&+,:;=@]*\/)*(?:[A-Za-z0-9\-_~$&+,:;=@][A-Za-z0-9\-_.~$&+,:;=@]*)?$/;
/** Escapes that stay in the path that rules see: RFC 3986's reserved characters, and `%`. */
const RESERVED = /[:/?#[\]@!$&'()*+,;=%]/;

/**
 * A target as Traefik's entry point reads it: needless escapes are undone, then dots and double slashes are resolved. Rules see
 * the rest decoded, but for reserved characters. `undefined`: a raw `#` in the path, or a bad escape (400)
 *
 * `dots`: `sanitizePath` leaves them alone. Source: pkg/server/server_entrypoint_tcp.go, pkg/muxer/http/mux.go.
 */
export function readTraefikPath(target: string, dots: "resolved" | "kept"): ReadPath | undefined {
  const mark = target.indexOf("?");
  const raw = mark < 0 ? target : target.slice(0, mark);
  // Go takes a semicolon for no separator, so Traefik writes another.
  const query = mark < 0 ? "" : target.slice(mark + 1).replaceAll(";", "&");
  const sentQuery = mark < 0 ? "" : `?${query}`;
  if (SIMPLE.test(raw)) return { path: raw, query, sent: raw + sentQuery, quoted: false };
  if (raw.includes("#") || unescapePercent(raw) === undefined) return undefined;
  const escaped = escapedGoPath(withoutNeedlessEscapes(raw)) ?? raw;
  const cleaned =
    dots === "kept" || escaped === "*" ? escaped : (escapedGoPath(cleanedGoPath(escaped)) ?? escaped);
  return { path: routingPath(cleaned), query, sent: (cleaned || "/") + sentQuery, quoted: false };
}

/** Source: withRoutingPath() in pkg/muxer/http/mux.go. */
function routingPath(escaped: string): string {
  if (!escaped.includes("%")) return escaped;
  return escaped.replace(/%(..)/g, (found, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return RESERVED.test(char) ? found : char;
  });
}
