import type { PathMatch } from "../model/selection.ts";

/** True of a path that a match covers; "too-complex" where an expression gives up. */
export function coversPath(match: PathMatch, path: string): boolean | "too-complex" {
  if (match.kind === "any") return true;
  if (match.kind === "pattern") {
    const found = match.pattern.exec(path);
    return found === "too-complex" ? found : found !== null;
  }
  const [asked, own] = match.fold ? [lowerCase(path), lowerCase(match.path)] : [path, match.path];
  switch (match.kind) {
    case "exact":
      return asked === own;
    case "prefix-char":
      return asked.startsWith(own);
    case "prefix-element":
      return asked.startsWith(asElements(own)) || `${asked}/` === asElements(own);
  }
}

/** `/p` and `/p/` as the beginning of what is below them: `/p/`. */
export function asElements(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

/** Bytes above 127 are left alone. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
