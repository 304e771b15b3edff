import type { PathMatch } from "../model/route/selection.ts";
import { bytesAsText } from "../request/utf8.ts";

/** Why a location does not cover a path, which is given as text. */
export function missedInWords(match: PathMatch, path: string): string {
  if (match.kind === "any") return "a condition beside the path does not hold";
  if (match.kind === "pattern") return `^${match.pattern.source} does not match ${path}`;
  const own = bytesAsText(match.path);
  if (match.kind === "exact") return `${path} is not exactly ${own}`;
  const bare = own.endsWith("/") ? own.slice(0, -1) : own;
  if (path.startsWith(bare)) return `a Prefix covers whole path elements: ${bare} does not cover ${path}`;
  if (path.toLowerCase().startsWith(own.toLowerCase())) return "paths are compared with regard to case";
  return `${bare || "/"} does not cover ${path}`;
}
