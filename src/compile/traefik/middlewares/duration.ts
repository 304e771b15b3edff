import type { Json } from "../../../model/json.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/gy;

/** A duration as paerser reads it: a number of seconds, or Go's `1m30s`. `undefined`: none */
export function durationMs(value: Json | undefined): number | undefined {
  const text = String(value ?? "");
  const [, sign = "", rest = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  const direction = sign === "-" ? -1 : 1;
  if (/^\d+$/.test(rest)) return direction * Number(rest) * 1_000;
  let sum = 0;
  PART.lastIndex = 0;
  let end = 0;
  for (let found = PART.exec(rest); found !== null; found = PART.exec(rest)) {
    sum += Number(found[1]) * (UNITS.get(found[2] ?? "") ?? 0);
    end = PART.lastIndex;
  }
  return end === rest.length && end > 0 ? direction * sum : undefined;
}
