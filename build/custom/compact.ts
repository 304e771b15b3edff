/** A schema as CustomResourceDefinitions write it (OpenAPI v3, structural). */
export type Written = { readonly [key: string]: unknown };

/** The judge's own names of what it reads; the others stay as they are. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["x-kubernetes-validations", "rules"],
  ["x-kubernetes-list-type", "listType"],
  ["x-kubernetes-list-map-keys", "mapKeys"],
  ["x-kubernetes-int-or-string", "intOrString"],
  ["x-kubernetes-preserve-unknown-fields", "preserve"],
]);
const KEPT = new Set([
  ...["type", "format", "nullable", "default", "enum", "required"],
  ...["pattern", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  ...["properties", "additionalProperties", "items", "oneOf", "anyOf", "not"],
  ...NAMES.values(),
]);
/** What the API server does not look at when it judges an object. */
const DROPPED = new Set(["description", "title", "example", "externalDocs", "x-kubernetes-map-type"]);
const FORMATS = new Set(["int32", "int64", "date-time", "ipv4", "ipv6"]);
const CHOICES = ["oneOf", "anyOf"];
const PARTS = ["additionalProperties", "items", "not"];

/** A schema without what judging does not need. Refuses what the judge does not know, so that nothing is lost in silence. */
export function compactSchema(written: Written, path: string): Written {
  const schema: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    const name = NAMES.get(key) ?? key;
    if (DROPPED.has(key) || (name === "listType" && value === "atomic")) continue;
    if (!KEPT.has(name)) throw new Error(`${path}: the judge does not know ${key}`);
    schema[name] = compactValue(name, value, path);
  }
  return Object.fromEntries(Object.entries(schema).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function compactValue(name: string, value: unknown, path: string): unknown {
  if (name === "properties") {
    const entries = Object.entries(value as Written).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      entries.map(([key, below]) => [key, compactSchema(below as Written, `${path}.${key}`)]),
    );
  }
  if (PARTS.includes(name)) {
    if (typeof value === "boolean" || Array.isArray(value)) {
      throw new Error(`${path}: the judge does not know ${name}: ${JSON.stringify(value)}`);
    }
    return compactSchema(value as Written, `${path}[]`);
  }
  if (CHOICES.includes(name)) return (value as readonly Written[]).map((below) => compactSchema(below, path));
  if (name === "rules") return (value as readonly Written[]).map((rule) => compactRule(rule, path));
  if (name === "format" && !FORMATS.has(String(value))) {
    throw new Error(`${path}: the judge does not know the format ${value}`);
  }
  return value;
}

/** A rule and its message. */
function compactRule({ rule, message, ...others }: Written, path: string): readonly unknown[] {
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`${path}: the judge does not know ${other} of a rule`);
  return message === undefined ? [rule] : [rule, message];
}

/** From this length on a schema that occurs again is written once. unit: chars */
const WORTH_SHARING = 24;

/** Schemas with repeated parts replaced by their index in `shared`. */
export function share(schemas: readonly Written[]): {
  shared: readonly unknown[];
  schemas: readonly unknown[];
} {
  const counts = new Map<string, number>();
  const count = (schema: Written): void => {
    const text = JSON.stringify(schema);
    const known = counts.get(text) ?? 0;
    counts.set(text, known + 1);
    if (known === 0) for (const below of childrenOf(schema)) count(below);
  };
  for (const schema of schemas) count(schema);
  const shared: unknown[] = [];
  const indexes = new Map<string, number>();
  const replaced = (schema: Written): unknown => {
    const text = JSON.stringify(schema);
    if ((counts.get(text) ?? 0) < 2 || text.length < WORTH_SHARING) return withChildren(schema, replaced);
    const known = indexes.get(text);
    if (known !== undefined) return known;
    const made = withChildren(schema, replaced);
    indexes.set(text, shared.length);
    return shared.push(made) - 1;
  };
  return { schemas: schemas.map(replaced), shared };
}

function childrenOf(schema: Written): readonly Written[] {
  const found: Written[] = [];
  withChildren(schema, (below) => found.push(below));
  return found;
}

function withChildren(schema: Written, change: (below: Written) => unknown): Written {
  const made: Record<string, unknown> = { ...schema };
  for (const key of PARTS) {
    if (typeof schema[key] === "object") made[key] = change(schema[key] as Written);
  }
  for (const key of CHOICES) {
    if (schema[key] !== undefined) made[key] = (schema[key] as readonly Written[]).map(change);
  }
  if (schema.properties !== undefined) {
    const entries = Object.entries(schema.properties as Written);
    made.properties = Object.fromEntries(entries.map(([name, below]) => [name, change(below as Written)]));
  }
  return made;
}
