import { escapedGoPath } from "../../request/go-url.ts";

/** A URL as Go reads and writes it; `undefined`: it cannot be read. One char per byte. */
export function goLocation(url: string): string | undefined {
  const [, scheme, authority, host = "", path = "", rest = ""] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(\/\/([^/?#]*))?([^?#]*)(.*)$/s.exec(url) ?? [];
  if (scheme === undefined && (path.split("/")[0] ?? "").includes(":")) return undefined;
  const escaped = escapedGoPath(path);
  if (escaped === undefined) return undefined;
  const slashes = authority !== undefined && (host !== "" || path !== "") ? `//${host}` : "";
  return `${scheme === undefined ? "" : `${scheme}:`}${slashes}${escaped}${rest}`;
}
