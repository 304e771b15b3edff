/** Paths as Go's net/url keeps them; one char per byte. */

const UNRESERVED = /[A-Za-z0-9\-_.~]/;
/** Bytes that Go escapes in a path (shouldEscape, encodePath). */
const ESCAPED = /[^A-Za-z0-9\-_.~$&+,/:;=@]/g;
/** An encoding that Go keeps as it was sent (validEncoded). */
const VALID = /^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]%/]*$/;
/** Neither escapes nor bytes that Go escapes. */
const SIMPLE = /^[A-Za-z0-9\-_.~$&+,/:;=@]*$/;

/** Escapes a decoded path as Go does where it keeps no other form. */
export function escapeGoPath(path: string): string {
  return path.replace(ESCAPED, escapeByte);
}

function escapeByte(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** `undefined`: a bad escape */
export function unescapePercent(text: string): string | undefined {
  if (!text.includes("%")) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A path with its escapes, as Go writes it (URL.EscapedPath); `undefined`: a bad escape */
export function escapedGoPath(raw: string): string | undefined {
  if (SIMPLE.test(raw)) return raw;
  const path = unescapePercent(raw);
  if (path === undefined) return undefined;
  return VALID.test(raw) || path === "*" ? raw : escapeGoPath(path);
}

/** The same for a path whose decoded form is known beside it (`URL.Path` and `URL.RawPath`). */
export function escapedFrom(path: string, raw: string): string {
  const isTrue = raw !== "" && VALID.test(raw) && unescapePercent(raw) === path;
  return isTrue ? raw : path === "*" ? path : escapeGoPath(path);
}

/** Escapes of letters, digits and `-_.~` undone, others in capitals. */
export function withoutNeedlessEscapes(raw: string): string {
  if (!raw.includes("%")) return raw;
  return raw.replace(/%(..)/g, (found, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(char) ? char : found.toUpperCase();
  });
}

/** Nothing to clean: no empty segment, and none that begins with a dot. */
const CLEAN = /^\/(?:[^/.][^/]*\/)*(?:[^/.][^/]*)?$/;

/** Dots and double slashes resolved, a final slash kept (URL.JoinPath without elements). */
export function cleanedGoPath(escaped: string): string {
  if (CLEAN.test(escaped)) return escaped;
  const isRelative = !escaped.startsWith("/");
  const kept: string[] = [];
  for (const segment of escaped.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const joined = `${isRelative ? "" : "/"}${kept.join("/")}`;
  return escaped.endsWith("/") && !joined.endsWith("/") ? `${joined}/` : joined;
}

/** The first value of a name (url.Values); pairs with a bad escape are passed over. `""`: none */
export function goQueryValue(query: string, name: string): string {
  for (const pair of query.split("&")) {
    const mark = pair.indexOf("=");
    const [key, value] = mark < 0 ? [pair, ""] : [pair.slice(0, mark), pair.slice(mark + 1)];
    const read = unescapePercent(value.replaceAll("+", " "));
    if (read !== undefined && unescapePercent(key.replaceAll("+", " ")) === name) return read;
  }
  return "";
}
