import { decodeRune } from "./decode.ts";
import type { Re2, Spans } from "./re2.ts";
import { expandTemplate, type Template } from "./template.ts";

/**
 * Every match replaced, as Go's ReplaceAllString; an empty match right behind another one is none. `undefined` where a search is
 * too complex. Source: replaceAll() in regexp/regexp.go.
 */
export function replaceAll(pattern: Re2, bytes: string, template: Template): string | undefined {
  return replaceAllBy(pattern, bytes, (spans) => expandTemplate(template, pattern.names, bytes, spans));
}

/** The same with what a function makes of each match. */
export function replaceAllBy(
  { find }: Re2,
  bytes: string,
  made: (spans: Spans) => string,
): string | undefined {
  const parts: string[] = [];
  let ended = 0;
  for (let from = 0; from <= bytes.length; ) {
    const spans = find(bytes, from);
    if (spans === "too-complex") return undefined;
    if (spans === null) break;
    const [start = 0, end = 0] = spans;
    parts.push(bytes.slice(ended, start));
    if (end > ended || start === 0) parts.push(made(spans));
    ended = end;
    const width = from < bytes.length ? decodeRune(bytes, from) & 7 : 1;
    from = Math.max(from + width, end);
  }
  parts.push(bytes.slice(ended));
  return parts.join("");
}
