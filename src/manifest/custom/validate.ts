import { append } from "../../append.ts";
import { goQuote } from "../../request/go-text.ts";
import { type Fault, goShown, inBody, invalid, notOfField, wrongType } from "./fault.ts";
import { hasFormat } from "./formats.ts";
import { isOfInteger, numberFaults } from "./number.ts";
import { goPattern } from "./pattern.ts";
import type { Schema } from "./schema.ts";
import {
  type CustomFields,
  goJson,
  isEqual,
  isFields,
  isList,
  typeName,
  type Value,
  valueOfJson,
} from "./value.ts";

/** What was found, and how many checks were made: of alternatives that fail, the one with most is told. */
interface Found {
  readonly faults: Fault[];
  checks: number;
}

/**
 * The faults of a value by its schema, in the API server's order (kube-openapi `pkg/validation/validate`). CustomFields come in
 * their names' order; the API server takes them as they come.
 */
export function schemaFaults(value: Value, schema: Schema): readonly Fault[] {
  const found: Found = { faults: [], checks: 0 };
  validate(value, schema, "", found);
  return found.faults.length > 1 ? distinct(found.faults) : found.faults;
}

function distinct(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.field}: ${fault.text}`, fault])).values()];
}

function validate(value: Value, schema: Schema, path: string, found: Found): void {
  found.checks += 1;
  checkType(value, schema, path, found);
  if (value !== null) {
    checkChoices(value, schema, path, found);
    if (typeof value === "string") checkString(value, schema, path, found);
    else if (typeof value === "number" || typeof value === "bigint") {
      found.checks += 1;
      append(found.faults, numberFaults(value, schema, path));
    } else if (isList(value)) checkItems(value, schema, path, found);
  }
  if (schema.enum !== undefined) checkEnum(value, schema.enum, path, found);
  if (isFields(value)) checkFields(value, schema, path, found);
}

function checkType(value: Value, schema: Schema, path: string, found: Found): void {
  const { format = "", type } = schema;
  if (type === undefined && format === "" && schema.intOrString !== true) return;
  const isFor = (name: string) =>
    schema.intOrString === true ? name === "integer" || name === "string" : name === type;
  const wanted = schema.intOrString === true ? "integer,string" : (type ?? "");
  const name = typeName(value);
  if (value === null) {
    if (wanted !== "" && schema.nullable !== true) found.faults.push(wrongType(path, wanted, name));
    return;
  }
  found.checks += 1;
  const fits = isFor(name) || (name === "integer" && type === "number");
  const ofFormat = name === "integer" ? "int64" : name === "number" ? "float64" : "";
  const isText = name === "string" || name === "array";
  if (!isText && format !== "" && !(fits || ofFormat === format)) {
    found.faults.push(wrongType(path, format, ofFormat));
  } else if (isText && format !== "" && type !== "number" && !isOfInteger(schema)) {
    // The format alone decides.
  } else if (!fits) found.faults.push(wrongType(path, wanted, name));
}

function checkChoices(value: Value, schema: Schema, path: string, found: Found): void {
  const { anyOf, oneOf, not } = schema;
  if (anyOf !== undefined) {
    const best = bestOf(value, anyOf, path);
    if (best.valid === 0) {
      found.faults.push(notOfField(`"${path}" must validate at least one schema (anyOf)`));
      append(found.faults, best.faults);
    }
  }
  if (oneOf !== undefined) {
    const { valid, faults } = bestOf(value, oneOf, path);
    if (valid !== 1) {
      const why = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
      found.faults.push(notOfField(`"${path}" must validate one and only one schema (oneOf). ${why}`));
    }
    if (valid === 0) append(found.faults, faults);
  }
  if (not === undefined) return;
  const denied: Found = { faults: [], checks: 0 };
  validate(value, not, path, denied);
  if (denied.faults.length === 0) {
    found.faults.push(notOfField(`"${path}" must not validate the schema (not)`));
  }
}

/** How many schemas are met, and the faults of the one that is nearest to it. */
function bestOf(value: Value, schemas: readonly Schema[], path: string) {
  let valid = 0;
  let best: Found | undefined;
  for (const schema of schemas) {
    const found: Found = { faults: [], checks: 0 };
    validate(value, schema, path, found);
    if (found.faults.length === 0) valid += 1;
    else if (best === undefined || found.checks > best.checks) best = found;
  }
  return { valid, faults: best?.faults ?? [] };
}

/** A text has one fault of its length or pattern. */
function checkString(value: string, schema: Schema, path: string, found: Found): void {
  const { maxLength, minLength, pattern, format } = schema;
  if (maxLength !== undefined && value.length > maxLength && lengthOf(value) > maxLength) {
    const text = `Too long: may not be more than ${maxLength} ${maxLength === 1 ? "byte" : "bytes"}`;
    found.faults.push({ kind: "too-long", field: path, text });
  } else if (minLength !== undefined && value.length < 2 * minLength && lengthOf(value) < minLength) {
    found.faults.push(invalid(path, value, `${inBody(path)} should be at least ${minLength} chars long`));
  } else if (pattern !== undefined && !goPattern(pattern)(value)) {
    found.faults.push(invalid(path, value, `${inBody(path)} should match '${pattern}'`));
  }
  if (format !== undefined && !hasFormat(value, format)) {
    const detail = `${inBody(path)} must be of type ${format}: ${goQuote(value)}`;
    found.faults.push({ kind: "type", field: path, text: `Invalid value: ${goQuote(value)}: ${detail}` });
  }
}

/** unit: code points, whatever the message says */
function lengthOf(value: string): number {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
}

function checkItems(items: readonly Value[], schema: Schema, path: string, found: Found): void {
  found.checks += 1;
  if (schema.items !== undefined) {
    for (const [at, item] of items.entries()) validate(item, schema.items, `${path}[${at}]`, found);
  }
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && items.length < minItems) {
    const detail = `${inBody(path)} should have at least ${minItems} items`;
    found.faults.push(invalid(path, items.length, detail));
  }
  if (maxItems !== undefined && items.length > maxItems)
    found.faults.push(tooMany(path, items.length, maxItems));
}

function tooMany(field: string, count: number, most: number): Fault {
  const text = `Too many: ${count}: must have at most ${most} ${most === 1 ? "item" : "items"}`;
  return { kind: "too-many", field, text };
}

function checkEnum(value: Value, values: readonly unknown[], path: string, found: Found): void {
  const supported = values.map(valueOfJson);
  if (supported.some((one) => isEqual(one, value))) return;
  const listed = supported.map((one) => goQuote(typeof one === "string" ? one : goJson(one))).join(", ");
  const text = `Unsupported value: ${goShown(value)}: supported values: ${listed}`;
  found.faults.push({ kind: "unsupported", field: path, text });
}

function checkFields(fields: CustomFields, schema: Schema, path: string, found: Found): void {
  const { minProperties, maxProperties, required, properties, additionalProperties } = schema;
  if (minProperties !== undefined && fields.size < minProperties) {
    const detail = `${inBody(path)} should have at least ${minProperties} properties`;
    found.faults.push(invalid(path, "", detail));
  }
  if (maxProperties !== undefined && fields.size > maxProperties) {
    found.faults.push(tooMany(path, fields.size, maxProperties));
  }
  for (const [key, value] of fields) {
    const known = properties.get(key) ?? additionalProperties;
    if (known !== undefined) validate(value, known, path === "" ? key : `${path}.${key}`, found);
  }
  for (const key of required ?? []) {
    if (fields.has(key)) continue;
    const field = path === "" ? key : `${path}.${key}`;
    found.faults.push({ kind: "required", field, text: "Required value" });
  }
}
