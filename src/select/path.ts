import type { PathMatch } from "../model/route/selection.ts";

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

/** `/p` and `/p/` → `/p/`, the beginning of everything below. */
export function asElements(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

/** Leaves bytes above 127 alone. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
