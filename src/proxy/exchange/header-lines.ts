import type { OutgoingHttpHeaders } from "node:http";
import { OF_CONNECTION } from "../../http2/heads/names.ts";
import type { HeaderLine } from "../../model/decision.ts";

/** One char per byte. */
export function latin1(bytes: Buffer | string | undefined): string {
  if (bytes === undefined) return "";
  return typeof bytes === "string" ? bytes : bytes.toString("latin1");
}

/** The first value of a backend's header by lower-case name; one char per byte. */
export function firstOf(raw: readonly (Buffer | string)[], name: string): string | undefined {
  for (let i = 0; i + 1 < raw.length; i += 2)
    if (raw[i]?.length === name.length && latin1(raw[i]).toLowerCase() === name) return latin1(raw[i + 1]);
  return undefined;
}

/**
 * Headers (names and values alternating) with lines set: each replaces lines of its name, ignoring case; an
 * empty value only removes them.
 */
export function withLines(flat: string[], lines: readonly HeaderLine[] | undefined): string[] {
  if (lines === undefined) return flat;
  const names = new Set(lines.map(([name]) => name.toLowerCase()));
  const changed: string[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = flat[i] ?? "";
    if (!names.has(name.toLowerCase())) changed.push(name, flat[i + 1] ?? "");
  }
  for (const [name, value] of lines) if (value !== "") changed.push(name, value);
  return changed;
}

/** Headers as Node's client of HTTP/2 takes them: lower-case names, and repeated values as an array. */
export function asHttp2(flat: readonly string[]): OutgoingHttpHeaders {
  const headers = new Map<string, string | string[]>();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = (flat[i] ?? "").toLowerCase();
    const value = flat[i + 1] ?? "";
    const before = headers.get(name);
    if (OF_CONNECTION.has(name)) continue;
    if (before === undefined) headers.set(name, value);
    else if (typeof before === "string") headers.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(headers);
}
