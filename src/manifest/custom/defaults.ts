import type { Schema } from "./schema.ts";
import { type CustomFields, isFields, isList, type Value, valueOfJson } from "./value.ts";

/**
 * Sets defaults where a field is absent or null, and takes away other nulls (apiextensions-apiserver
 * `pkg/apiserver/schema/defaulting`). Nothing is set inside an absent object.
 */
export function setDefaults(value: Value, schema: Schema): void {
  if (isList(value)) {
    if (schema.items !== undefined) for (const item of value) setDefaults(item, schema.items);
  } else if (isFields(value)) {
    dropNulls(value, schema);
    if (schema.hasDefaults) addDefaults(value, schema);
    for (const [key, below] of value) {
      const known = schema.properties.get(key) ?? schema.additionalProperties;
      if (known !== undefined) setDefaults(below, known);
    }
  }
}

function dropNulls(fields: CustomFields, schema: Schema): void {
  for (const [key, value] of fields) {
    if (value !== null) continue;
    const known = schema.properties.get(key) ?? schema.additionalProperties;
    if (known !== undefined && known.nullable !== true) fields.delete(key);
  }
}

function addDefaults(fields: CustomFields, schema: Schema): void {
  for (const [key, known] of schema.properties) {
    if (known.default !== undefined && !fields.has(key)) fields.set(key, valueOfJson(known.default));
  }
}
