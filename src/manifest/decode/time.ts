import type { YamlNode } from "../../yaml/node.ts";

/** Go's layout of RFC 3339, with what may stand for each part. */
const LAYOUT = "2006-01-02T15:04:05Z07:00";
const PARTS: readonly (readonly [part: string, pattern: RegExp])[] = [
  ["2006", /\d{4}/y],
  ["-", /-/y],
  ["01", /\d{2}/y],
  ["-", /-/y],
  ["02", /\d{2}/y],
  ["T", /T/y],
  ["15", /\d{2}/y],
  [":", /:/y],
  ["04", /\d{2}/y],
  [":", /:/y],
  ["05", /\d{2}(?:[.,]\d+)?/y],
  ["Z07:00", /Z|[-+]\d{2}:\d{2}/y],
];
const RANGES: ReadonlyMap<string, readonly [least: number, most: number, name: string]> = new Map([
  ["01", [1, 12, "month"]],
  ["02", [1, 31, "day"]],
  ["15", [0, 23, "hour"]],
  ["04", [0, 59, "minute"]],
  ["05", [0, 59, "second"]],
]);

/** Why a value is no time, in the words of Go's `time.Parse`. `field`: as Go names it */
export function timeFault(node: YamlNode | undefined, field: string): string | undefined {
  if (node === undefined) return undefined;
  const value = node.kind === "scalar" ? node.value : undefined;
  if (value === null) return undefined;
  if (typeof value !== "string")
    return `json: cannot unmarshal ${goJsonType(node)} into Go struct field ${field} of type string`;
  let at = 0;
  for (const [part, pattern] of PARTS) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(value) ?? [];
    if (text === undefined) {
      return `parsing time ${JSON.stringify(value)} as "${LAYOUT}": cannot parse ${JSON.stringify(value.slice(at))} as "${part}"`;
    }
    const [least, most, name] = RANGES.get(part) ?? [0, Number.POSITIVE_INFINITY, ""];
    if (Number(text) < least || Math.trunc(Number(text)) > most) {
      return `parsing time ${JSON.stringify(value)}: ${name} out of range`;
    }
    at += text.length;
  }
  if (at === value.length) return undefined;
  return `parsing time ${JSON.stringify(value)}: extra text: ${JSON.stringify(value.slice(at))}`;
}

/** The name that Go's JSON decoder gives to a value's type. */
export function goJsonType(node: YamlNode): string {
  if (node.kind !== "scalar") return node.kind === "list" ? "array" : "object";
  if (typeof node.value === "boolean") return "bool";
  return typeof node.value === "string" ? "string" : "number";
}
