import type { YamlNode } from "../../yaml/node.ts";

/**
 * A value as the API server has it after kubectl sent it. Numbers are integers where they have no fraction and fit into
 * 64 bits; a bigint is always one.
 */
export type Value = null | boolean | string | number | bigint | readonly Value[] | CustomFields;

/** CustomFields are added and taken away while defaults are set. */
export type CustomFields = Map<string, Value>;

const MOST = 2n ** 63n;

export function valueOfNode(node: YamlNode): Value {
  if (node.kind === "list") return node.items.map(valueOfNode);
  if (node.kind === "map") {
    const fields: CustomFields = new Map();
    for (const [key, { value }] of node.entries) fields.set(key, valueOfNode(value));
    return fields;
  }
  const { value } = node;
  if (typeof value === "bigint") return value < MOST && value >= -MOST ? value : Number(value);
  return value;
}

/** From JSON, such as a schema's default. A new one at each call. */
export function valueOfJson(json: unknown): Value {
  if (Array.isArray(json)) return json.map(valueOfJson);
  if (typeof json === "object" && json !== null) {
    return new Map(Object.entries(json).map(([key, below]) => [key, valueOfJson(below)]));
  }
  return json as Value;
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isFields(value: Value | undefined): value is CustomFields {
  return value instanceof Map;
}

export function isInteger(value: Value): value is number | bigint {
  return (
    typeof value === "bigint" ||
    (typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 63)
  );
}

/** The names that the API server's messages give to types. */
export function typeName(value: Value): string {
  if (value === null) return "null";
  if (isList(value)) return "array";
  if (isFields(value)) return "object";
  if (typeof value === "number" || typeof value === "bigint") return isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** As Go's `%v` prints a float64: with an exponent of two digits from a million on. */
export function goFloat(value: number): string {
  const text = value.toExponential();
  const exponent = Number(text.slice(text.indexOf("e") + 1));
  return exponent >= -4 && exponent < 6 ? String(value) : text.replace(/e([-+])(\d)$/, "e$10$2");
}

/** As Go's `encoding/json` writes it: keys in order, `<`, `>` and `&` escaped. */
export function goJson(value: Value): string {
  if (isList(value)) return `[${value.map(goJson).join(",")}]`;
  if (isFields(value)) {
    const keys = [...value.keys()].sort();
    return `{${keys.map((key) => `${goJson(key)}:${goJson(value.get(key) ?? null)}`).join(",")}}`;
  }
  if (typeof value === "string") {
    return JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
  return String(value);
}

/** Deep equality: of numbers by value, of fields in any order. */
export function isEqual(a: Value, b: Value): boolean {
  if (isList(a)) {
    return isList(b) && a.length === b.length && a.every((item, at) => isEqual(item, b[at] ?? null));
  }
  if (isFields(a)) {
    if (!isFields(b) || a.size !== b.size) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !isEqual(value, other)) return false;
    }
    return true;
  }
  if (typeof a === "bigint" || typeof b === "bigint") {
    // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint are the same if their values are
    return (typeof a === "number" || typeof b === "number" || typeof a === typeof b) && a == b;
  }
  return a === b;
}
