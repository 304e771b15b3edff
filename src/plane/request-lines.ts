import type { HeaderLine } from "../model/decision.ts";
import type { LinesSet } from "../model/plane.ts";

/**
 * The plane's lines, the body's length, then the client's lines. A decision's headers replace all lines of
 * their names. Free if there are none.
 */
export function linesWithSet(
  own: string[],
  length: string,
  kept: readonly string[],
  set: LinesSet | undefined,
): string[] {
  if (set?.besides !== undefined || set?.requestHeaders !== undefined)
    return requestLines(withSet(own, set), length, kept);
  if (length !== "") own.push("Content-Length", length);
  for (let i = 0; i < kept.length; i++) own.push(kept[i] ?? "");
  return own;
}

/** A plane's lines with a decision's headers in their place, beside them, and at the end. */
export function withSet(own: string[], { besides, requestHeaders = [] }: LinesSet): string[] {
  const more = replaceIn(own, requestHeaders);
  return [...flat(besides?.before), ...own, ...flat(besides?.behind), ...more];
}

/** Replaces lines of the same names; returns the remaining ones, names and values alternating. */
export function replaceIn(own: string[], lines: readonly HeaderLine[]): string[] {
  const rest: string[] = [];
  for (const [name, value] of lines) {
    const at = own.findIndex((found, i) => i % 2 === 0 && found.toLowerCase() === name.toLowerCase());
    if (at < 0) rest.push(name, value);
    else own[at + 1] = value;
  }
  return rest;
}

function flat(lines: readonly HeaderLine[] | undefined): string[] {
  return lines === undefined ? [] : lines.flat();
}

/**
 * Request headers as nginx writes them (ngx_http_proxy_create_request), names and values alternating: set
 * lines with a value, the body's length, then the client's unreplaced lines.
 */
export function requestLines(set: readonly string[], length: string, clients: readonly string[]): string[] {
  const names = new Set<string>();
  const lines: string[] = [];
  const keep = (name: string, value: string) => void lines.push(name, value);
  eachLine(set, (name, value) => {
    names.add(name.toLowerCase());
    if (value !== "") keep(name, value);
  });
  if (length !== "" && !names.has("content-length")) keep("Content-Length", length);
  eachLine(clients, (name, value) => {
    if (!names.has(name.toLowerCase())) keep(name, value);
  });
  return lines;
}

function eachLine(lines: readonly string[], take: (name: string, value: string) => void): void {
  for (let i = 0; i + 1 < lines.length; i += 2) take(lines[i] ?? "", lines[i + 1] ?? "");
}
