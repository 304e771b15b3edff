import type { CookieChange } from "../../../model/route/rewrites.ts";

/**
 * A `Set-Cookie` with changed attributes, as Contour's Lua writes it (internal/envoy/v3/route.go): what follows a
 * semicolon loses its first character, and a repeated attribute counts once.
 */
export function changedCookie(cookie: string, changes: readonly CookieChange[]): string {
  const equals = cookie.indexOf("=");
  const change = changes.find(({ name }) => name === cookie.slice(0, equals));
  if (equals < 0 || change === undefined) return cookie;
  const [pair = "", ...rest] = cookie.split(";");
  const attributes = new Map<string, string | undefined>();
  for (const each of rest) {
    const text = each.slice(1).trimStart();
    if (text !== "") attributes.set(text.split("=", 1)[0] ?? "", text);
  }
  for (const [name, text] of change.attributes) attributes.set(name, text);
  const kept = [...attributes.values()].filter((text) => text !== undefined);
  return [pair, ...kept].join("; ");
}
