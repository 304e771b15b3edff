import type { Captures } from "../../../model/pattern.ts";
import type { Replacement, ResponseRewrites } from "../../../model/route/rewrites.ts";
import type { VariablePart } from "../../../model/route/variable-text.ts";
import { changedCookie } from "./cookie-changes.ts";

/**
 * Rewrites `Location`, `Refresh` and `Set-Cookie` of a response in place (names and values alternating).
 *
 * A rewritten `Location` that is a path becomes a URL by `absolute` (`absolute_redirect on`): nginx does so
 * for its own redirects, and rewritten ones count as its own (ngx_http_upstream.c,
 * ngx_http_upstream_rewrite_location).
 */
export function rewriteResponse(
  flat: string[],
  rewrites: ResponseRewrites,
  absolute: (path: string) => string,
): void {
  const { redirect } = rewrites;
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = flat[i]?.toLowerCase();
    const value = flat[i + 1] ?? "";
    if (name === "set-cookie") flat[i + 1] = rewriteCookie(value, rewrites);
    else if (redirect === undefined) continue;
    else if (name === "location") {
      const changed = replaceStart(value, redirect);
      if (changed !== undefined) flat[i + 1] = changed.startsWith("/") ? absolute(changed) : changed;
    } else if (name === "refresh") flat[i + 1] = rewriteRefresh(value, redirect);
  }
}

/** `5; url=/next` (ngx_http_upstream_rewrite_refresh). */
function rewriteRefresh(value: string, redirect: Replacement): string {
  const at = value.toLowerCase().indexOf("url=");
  if (at < 0) return value;
  const start = at + "url=".length;
  const changed = replaceStart(value.slice(start), redirect);
  return changed === undefined ? value : value.slice(0, start) + changed;
}

/** ngx_http_proxy_rewrite_complex_handler and ngx_http_proxy_rewrite_regex_handler; `undefined` where nothing is replaced. */
function replaceStart(value: string, { from, to }: Replacement): string | undefined {
  if (typeof from !== "string") return replaceMatch(value, from, to);
  return value.startsWith(from) ? fill(to, undefined) + value.slice(from.length) : undefined;
}

/** Replaces a whole domain and keeps its leading dot (ngx_http_proxy_rewrite_domain_handler). */
function replaceDomain(value: string, { from, to }: Replacement): string | undefined {
  if (typeof from !== "string") return replaceMatch(value, from, to);
  const dot = value.startsWith(".") ? "." : "";
  return value.slice(dot.length).toLowerCase() === from.toLowerCase() ? dot + fill(to, undefined) : undefined;
}

function replaceMatch(
  value: string,
  pattern: Exclude<Replacement["from"], string>,
  to: Replacement["to"],
): string | undefined {
  const found = pattern.exec(value);
  return found === null || found === "too-complex" ? undefined : fill(to, found);
}

function fill(to: readonly VariablePart[], found: Captures | undefined): string {
  let filled = "";
  for (const part of to) {
    if (typeof part === "string") filled += part;
    else filled += ("capture" in part ? found?.[part.capture] : found?.groups?.[part.variable]) ?? "";
  }
  return filled;
}

interface Attribute {
  readonly name: string;
  /** Absent for one without `=`. */
  readonly value: string | undefined;
}

function rewriteCookie(cookie: string, rewrites: ResponseRewrites): string {
  const { cookies } = rewrites;
  const replaced = replaceInCookie(cookie, rewrites);
  return cookies === undefined ? replaced : changedCookie(replaced, cookies);
}

/**
 * A cookie with replaced attributes. Unchanged to the byte if none matches (ngx_http_proxy_rewrite_cookie);
 * otherwise written anew with one blank after each semicolon (ngx_http_proxy_edit_cookie).
 */
function replaceInCookie(cookie: string, { cookieDomain, cookiePath }: ResponseRewrites): string {
  let changed = false;
  const [pair, ...rest] = cookie.split(";").map(attributeOf);
  if (pair?.value === undefined) return cookie;
  const attributes = rest.map((attribute) => {
    const { name, value } = attribute;
    const lower = name.toLowerCase();
    if (value === undefined) return attribute;
    const replaced =
      lower === "domain" && cookieDomain !== undefined
        ? replaceDomain(value, cookieDomain)
        : lower === "path" && cookiePath !== undefined
          ? replaceStart(value, cookiePath)
          : undefined;
    if (replaced === undefined) return attribute;
    changed = true;
    return { name, value: replaced };
  });
  if (!changed) return cookie;
  return [pair, ...attributes]
    .filter(({ name }) => name !== "")
    .map(({ name, value }) => (value === undefined ? name : `${name}=${value}`))
    .join("; ");
}

function attributeOf(text: string): Attribute {
  const equals = text.indexOf("=");
  const trimmed = (part: string) => part.replace(/^ +| +$/g, "");
  if (equals < 0) return { name: trimmed(text), value: undefined };
  return { name: trimmed(text.slice(0, equals)), value: trimmed(text.slice(equals + 1)) };
}
