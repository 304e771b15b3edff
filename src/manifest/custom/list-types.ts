import { type Fault, goShown, invalid } from "./fault.ts";
import type { Schema } from "./schema.ts";
import { type CustomFields, goJson, isFields, isList, type Value } from "./value.ts";

/** Repeated items of sets and of lists with keys (apiextensions-apiserver `pkg/apiserver/schema/listtype`). */
export function listFaults(value: Value, schema: Schema, path: string, found: Fault[]): void {
  if (isList(value)) {
    if (schema.listType === "set") repeated(value, value, path, found);
    if (schema.listType === "map") mapFaults(value, schema.mapKeys ?? [], path, found);
    const { items } = schema;
    if (items === undefined) return;
    for (const [at, item] of value.entries()) {
      if (typeof item === "object") listFaults(item, items, `${path}[${at}]`, found);
    }
  } else if (isFields(value)) {
    for (const [key, below] of value) {
      if (typeof below !== "object") continue;
      const known = schema.properties.get(key);
      if (known !== undefined) listFaults(below, known, path === "" ? key : `${path}.${key}`, found);
      else if (schema.additionalProperties !== undefined) {
        listFaults(below, schema.additionalProperties, `${path}[${key}]`, found);
      }
    }
  }
}

function mapFaults(items: readonly Value[], keys: readonly string[], path: string, found: Fault[]): void {
  const wrong = items.findIndex((item) => item !== null && !isFields(item));
  if (wrong >= 0) {
    const detail = "must be an object for an array of list-type map";
    found.push(invalid(`${path}[${wrong}]`, items[wrong] ?? null, detail));
    return;
  }
  const keyed = items.map((item) => keysOf(isFields(item) ? item : NO_FIELDS, keys));
  repeated(items, keyed, path, found);
}

/** A null item has no keys. */
const NO_FIELDS: CustomFields = new Map();

function keysOf(item: CustomFields, keys: readonly string[]): CustomFields {
  const kept: CustomFields = new Map();
  for (const key of keys) {
    const value = item.get(key);
    if (value !== undefined) kept.set(key, value);
  }
  return kept;
}

/** Of equal items the second alone is told. */
function repeated(items: readonly Value[], keys: readonly Value[], path: string, found: Fault[]): void {
  if (items.length < 2) return;
  const seen = new Map<string, number>();
  for (const [at, key] of keys.entries()) {
    const text = goJson(key);
    const times = seen.get(text) ?? 0;
    if (times === 1) {
      found.push({ kind: "duplicate", field: `${path}[${at}]`, text: `Duplicate value: ${goShown(key)}` });
    }
    seen.set(text, times + 1);
  }
}
