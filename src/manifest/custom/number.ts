import { type Fault, inBody, invalid, notOfField } from "./fault.ts";
import type { Schema } from "./schema.ts";
import { goFloat, isInteger } from "./value.ts";

const LIMIT: ReadonlyMap<string, number> = new Map([["int32", 2 ** 31]]);

export function isOfInteger({ type, intOrString }: Schema): boolean {
  return type === "integer" || intOrString === true;
}

/** Range, then minimum and maximum. */
export function numberFaults(value: number | bigint, schema: Schema, path: string): readonly Fault[] {
  const { minimum, maximum, exclusiveMinimum = false, exclusiveMaximum = false } = schema;
  const range = isWithin(value, schema) ? [] : [notOfField(outOfRange("Checked", schema, path))];
  if (minimum === undefined && maximum === undefined) return range;
  const bounded = (
    bound: number | undefined,
    name: string,
    isKept: (bound: number) => boolean,
    words: string,
  ) => {
    if (bound === undefined) return [];
    if (!isWithin(bound, schema)) return [notOfField(outOfRange(`${name} boundary`, schema, path))];
    if (isKept(bound)) return [];
    return [invalid(path, value, `${inBody(path)} should be ${words} ${boundText(bound, value)}`)];
  };
  const most = bounded(
    maximum,
    "Maximum",
    (bound) => (exclusiveMaximum ? value < bound : value <= bound),
    exclusiveMaximum ? "less than" : "less than or equal to",
  );
  const least = bounded(
    minimum,
    "Minimum",
    (bound) => (exclusiveMinimum ? value > bound : value >= bound),
    exclusiveMinimum ? "greater than" : "greater than or equal to",
  );
  return [...range, ...least, ...most];
}

function isWithin(value: number | bigint, schema: Schema): boolean {
  if (schema.type !== "integer") return true;
  const limit = LIMIT.get(schema.format ?? "") ?? 2 ** 63;
  return isInteger(value) && value < limit && value >= -limit;
}

function outOfRange(what: string, { type, format }: Schema, path: string): string {
  const form = format === undefined ? "(default format)" : `with format ${format}`;
  return `${what} value must be of type ${type} ${form} in ${path}`;
}

/** Beside an integer the bound is one, as far as a float64 holds it. */
function boundText(bound: number, value: number | bigint): string {
  return isInteger(value) ? String(BigInt(Math.trunc(bound))) : goFloat(bound);
}
