/** A value of JSON. Objects have no prototype, so that `__proto__` is an ordinary key. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

const NO_FIELDS: JsonObject = Object.freeze(Object.create(null) as JsonObject);

/** The fields of an object; none for any other value. */
export function jsonFields(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : NO_FIELDS;
}

/** The items of a list; none for any other value. */
export function jsonItems(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function jsonString(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function jsonNumber(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function jsonBoolean(value: Json | undefined): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** The texts of a list; other items are left out. */
export function jsonStrings(value: Json | undefined): readonly string[] {
  return jsonItems(value).filter((item) => typeof item === "string");
}
