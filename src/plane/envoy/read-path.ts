import type { ReadPath } from "../../model/plane.ts";

/** What becomes of empty segments. */
export type Slashes = "merged" | "kept";

/** What becomes of `%2F` and `%5C` (`path_with_escaped_slashes_action`). */
export type EscapedSlashes = "kept" | "refused" | "decoded" | "redirected";

export interface PathReading {
  readonly slashes: Slashes;
  readonly escapedSlashes: EscapedSlashes;
}

/** Nothing to decode, escape, resolve or merge. */
const SIMPLE =
  /^\/(?:[\w\-~!$&'()*+,;=:@][\w\-.~!$&'()*+,:=@]*\/)*(?:[\w\-~!$&'()*+,;=:@][\w\-.~!$&'()*+,:=@]*)?$/;
/** Never in a target: controls, blanks, fragments, bytes above 127. */
const REFUSED = /[^\x21-\x7e]|#/;
/** Parameters behind dots that stand there literally go first. */
const DOT_PARAMETERS = /(^|\/)(\.\.?);[^/]*/g;
/** An escape, a backslash, or a byte that is sent escaped. */
const UNEQUAL = /%([0-9A-Fa-f]{2})|[\\"<>`{}|^]/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

const USUAL: PathReading = { slashes: "merged", escapedSlashes: "kept" };
const ESCAPED_SLASH = /%(?:2f|5c)/i;
const ESCAPED_SLASHES = /%(2f|5c)/gi;

function decodedSlash(_found: string, hex: string): string {
  return hex === "5c" || hex === "5C" ? "\\" : "/";
}

/**
 * A target as Envoy's routes see it, and as backends get it (`normalize_path`, `merge_slashes`). `undefined`: 400.
 *
 * Escapes of unreserved characters are decoded, all others stay as they are. The query is never touched.
 */
export function readEnvoyPath(
  target: string,
  { slashes, escapedSlashes }: PathReading = USUAL,
): ReadPath | undefined {
  if (!target.startsWith("/") || REFUSED.test(target)) return undefined;
  const mark = target.indexOf("?");
  const written = mark < 0 ? target : target.slice(0, mark);
  const isEscaped = escapedSlashes !== "kept" && ESCAPED_SLASH.test(written);
  if (isEscaped && escapedSlashes === "refused") return undefined;
  const raw = isEscaped ? written.replace(ESCAPED_SLASHES, decodedSlash) : written;
  const rest = mark < 0 ? "" : target.slice(mark);
  const path = SIMPLE.test(raw) ? raw : normalised(raw, slashes);
  if (path === undefined) return undefined;
  const moved = isEscaped && escapedSlashes === "redirected" ? path + rest : undefined;
  return { path, query: rest.slice(1), sent: path + rest, moved, quoted: false };
}

function normalised(raw: string, slashes: Slashes): string | undefined {
  const plain = raw.replace(DOT_PARAMETERS, "$1$2").replace(UNEQUAL, plainForm);
  if (plain.includes("%00")) return undefined;
  const path = resolved(plain);
  if (slashes === "kept") return path;
  return /^\/\/+$/.test(path) ? "//" : path.replace(/\/\/+/g, "/");
}

function plainForm(found: string, hex: string | undefined): string {
  if (hex === undefined) return found === "\\" ? "/" : escapeByte(found);
  const char = String.fromCharCode(Number.parseInt(hex, 16));
  return UNRESERVED.test(char) ? char : found;
}

/** Without the segments `.` and `..`; above the root there is nothing. */
function resolved(path: string): string {
  const segments = path.split("/").slice(1);
  const kept: string[] = [];
  segments.forEach((segment, at) => {
    const isDots = segment === "." || segment === "..";
    if (segment === "..") kept.pop();
    if (!isDots) kept.push(segment);
    else if (at === segments.length - 1) kept.push("");
  });
  return `/${kept.join("/")}`;
}

function escapeByte(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
