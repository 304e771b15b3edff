import { escapedGoPath, unescapePercent } from "../../request/go-url.ts";

/** A URL as Go reads and writes it (net/url, Parse and String); `undefined`: it cannot be read. One char per byte. */
export function goLocation(text: string): string | undefined {
  const [, url = "", hash = ""] = /^([^#]*)#?(.*)$/s.exec(text) ?? [];
  const fragment = escapedFragment(hash);
  const [, written = "", rest = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(url) ?? [];
  if (/[\x00-\x1f\x7f]/.test(url)) return undefined;
  if (fragment === undefined || (written === "" && rest.startsWith(":"))) return undefined;
  const scheme = written === "" ? "" : `${written.toLowerCase()}:`;
  const [, hierarchy = "", query = ""] = /^([^?]*)(.*)$/s.exec(rest) ?? [];
  const place = scheme !== "" && !hierarchy.startsWith("/") ? hierarchy : hierarchical(hierarchy, scheme);
  return place === undefined ? undefined : `${scheme}${place}${query}${fragment}`;
}

/** Authority and path; only without a scheme do three slashes begin a path. */
function hierarchical(text: string, scheme: string): string | undefined {
  const hasAuthority = text.startsWith("//") && (scheme !== "" || !text.startsWith("///"));
  const [, authority = "", path = ""] = (hasAuthority && /^\/\/([^/]*)(.*)$/s.exec(text)) || ["", "", text];
  if (scheme === "" && !hasAuthority && (path.split("/")[0] ?? "").includes(":")) return undefined;
  const written = escapedGoPath(path);
  const host = escapedAuthority(authority);
  if (written === undefined || host === undefined) return undefined;
  // Go writes `http:///a` as it was, and `http://` without its slashes.
  const hasSlashes = hasAuthority && (host !== "" || (scheme !== "" && path !== ""));
  // RFC 3986 section 4.2: what comes before a colon would be read as a scheme.
  const isLikeScheme = scheme === "" && host === "" && (written.split("/")[0] ?? "").includes(":");
  return `${hasSlashes ? "//" : isLikeScheme ? "./" : ""}${host}${written}`;
}

/** Of user names and passwords (validUserinfo). */
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
/** Bytes that a host may have, beside escapes of bytes above 127 and of `%` (shouldEscape, encodeHost). */
const HOST = /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\x80-\xff]|%25)*$/;
/** With its port, whose digits follow the last colon. */
const HOST_AND_PORT = /^(?:\[[0-9A-Fa-f:.]+(?:%25[^\]]+)?\](?::\d*)?|[^:[]*|[^[]*:\d*)$/;

function escapedAuthority(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  const [user, host] = at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + 1)];
  const plain = host.replace(/%[89A-Fa-f][0-9A-Fa-f]/g, (byte) => unescapePercent(byte) ?? byte);
  const [name = "", ...password] = user.split(":");
  const parts = (password.length === 0 ? [name] : [name, password.join(":")]).map(unescapePercent);
  if (!HOST_AND_PORT.test(host) || !HOST.test(plain) || !USER.test(user) || parts.includes(undefined))
    return undefined;
  const credentials = parts.map((part = "") => escaped(part, /[^A-Za-z0-9\-_.~$&+,;=]/g)).join(":");
  return `${at < 0 ? "" : `${credentials}@`}${escaped(plain, /[\x80-\xff]/g)}`;
}

function escaped(text: string, bytes: RegExp): string {
  return text.replace(bytes, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/** With its mark; `undefined`: a bad escape. */
function escapedFragment(text: string): string | undefined {
  if (text === "") return "";
  const plain = unescapePercent(text);
  if (plain === undefined) return undefined;
  const isKept = /^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]%/?]*$/.test(text);
  return `#${isKept ? text : escaped(plain, /[^A-Za-z0-9\-_.~!$&()*+,/:;=?@]/g)}`;
}
