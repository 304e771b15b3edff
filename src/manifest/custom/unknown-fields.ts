import type { Schema } from "./schema.ts";
import { isFields, isList, type Value } from "./value.ts";

/**
 * The fields that the schema does not know, as strict decoding finds them (apiextensions-apiserver
 * `pkg/apiserver/schema/pruning`): of an unknown tree the topmost alone, whatever type stands there.
 */
export function unknownFields(value: Value, schema: Schema | undefined, path: string, found: string[]): void {
  if (schema?.preserve === true && isList(value) && schema.items === undefined) return;
  if (isList(value)) {
    for (const [at, item] of value.entries()) unknownFields(item, schema?.items, `${path}[${at}]`, found);
  } else if (isFields(value)) {
    for (const [key, below] of value) {
      const field = path === "" ? key : `${path}.${key}`;
      const known = schema?.properties.get(key) ?? schema?.additionalProperties;
      if (known !== undefined) unknownFields(below, known, field, found);
      else if (schema?.preserve !== true) found.push(field);
    }
  }
}
