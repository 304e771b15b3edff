import { dns1035Label, dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "../../names.ts";
import { isStrictIp } from "../formats.ts";
import { goPattern } from "../pattern.ts";
import { parseDuration } from "./duration.ts";
import { CelError, type CelValue, Duration, Format, Optional } from "./types.ts";

type CelFunction = (...args: readonly CelValue[]) => CelValue;

function size(value: CelValue): CelValue {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  throw noOverload();
}

export function noOverload(): CelError {
  return new CelError("no such overload");
}

function texts(...values: readonly (CelValue | undefined)[]): readonly string[] {
  return values.map((value) => {
    if (typeof value !== "string") throw noOverload();
    return value;
  });
}

function ofTexts(decide: (text: string, other: string) => CelValue): CelFunction {
  return (...args) => {
    const [text = "", other = ""] = texts(args[0], args[1]);
    return decide(text, other);
  };
}

function ofText(decide: (text: string) => CelValue): CelFunction {
  return (value) => decide(texts(value)[0] ?? "");
}

function duration(text: string): CelValue {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined) {
    throw new CelError("type conversion error from 'string' to 'google.protobuf.Duration'");
  }
  return new Duration(nanoseconds);
}

/** netip's addresses, without zones and IPv4 in IPv6. */
function isIp(text: string): boolean {
  return isStrictIp(text) && !(text.includes(":") && text.includes("."));
}

/** unit: code points */
const substring: CelFunction = (value, from, to) => {
  const chars = [...(texts(value)[0] ?? "")];
  const [start, end] = [Number(from), to === undefined ? chars.length : Number(to)];
  if (start < 0 || start > chars.length) throw new CelError(`index out of range: ${start}`);
  if (end < 0 || end > chars.length) throw new CelError(`index out of range: ${end}`);
  if (start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  return chars.slice(start, end).join("");
};

/** Functions of one value or more; a method's value is the first. */
export const FUNCTIONS: ReadonlyMap<string, CelFunction> = new Map<string, CelFunction>([
  ["size", (value = null) => size(value)],
  ["contains", ofTexts((text, part) => text.includes(part))],
  ["startsWith", ofTexts((text, part) => text.startsWith(part))],
  ["endsWith", ofTexts((text, part) => text.endsWith(part))],
  ["matches", ofTexts((text, pattern) => goPattern(pattern)(text))],
  ["split", ofTexts((text, separator) => text.split(separator))],
  ["lowerAscii", ofText((text) => text.replace(/[A-Z]/g, (char) => char.toLowerCase()))],
  ["substring", substring],
  ["isIP", ofText(isIp)],
  ["duration", ofText(duration)],
  ["string", (value = null) => (typeof value === "string" ? value : String(value))],
  ["int", (value = null) => (typeof value === "number" ? Math.trunc(value) : Number(value))],
]);

const FORMATS: ReadonlyMap<string, (value: string) => readonly string[]> = new Map([
  ["dns1123Label", dns1123Label],
  ["dns1123Subdomain", dns1123Subdomain],
  ["dns1035Label", dns1035Label],
  ["qualifiedName", qualifiedName],
  ["labelValue", labelValue],
]);

export function isFormat(name: string): boolean {
  return FORMATS.has(name);
}

/** `format.NAME().validate(text)`: no value for a good one. */
export function validateFormat(format: CelValue, value: CelValue): CelValue {
  const check = format instanceof Format ? FORMATS.get(format.name) : undefined;
  if (check === undefined || typeof value !== "string") throw noOverload();
  const faults = check(value);
  return faults.length === 0 ? new Optional() : new Optional(faults);
}
