/** A group's schemas as `npm run schemas` writes them: a number stands for a part in `shared`. */
export interface WrittenGroup {
  readonly kinds: Readonly<Record<string, WrittenKind>>;
  readonly shared: readonly unknown[];
}

interface WrittenKind {
  readonly scope: string;
  readonly versions: Readonly<
    Record<string, { readonly deprecated?: string; readonly rules?: boolean; readonly schema: unknown }>
  >;
}

type SchemaType = "object" | "array" | "string" | "integer" | "number" | "boolean";

/** A schema's part: OpenAPI v3 as the API server keeps it. */
export interface Schema {
  readonly type?: SchemaType;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly properties: ReadonlyMap<string, Schema>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly not?: Schema;
  /** Unknown fields stay. */
  readonly preserve?: boolean;
  readonly intOrString?: boolean;
  /** `set`, `map`. default: a list may repeat its items */
  readonly listType?: string;
  readonly mapKeys?: readonly string[];
  readonly rules?: readonly Rule[];
  /** Rules are here or below. */
  readonly isRuled: boolean;
  /** Defaults are here or below. */
  readonly hasDefaults: boolean;
}

/** A CEL expression, and what is said where it is false. */
export type Rule = readonly [expression: string, message?: string];

export interface CustomVersion {
  readonly schema: Schema;
  /** The warning for who uses the version. */
  readonly deprecated: string | undefined;
  /** Rules are anywhere in the schema, also such that creation does not run. */
  readonly hasRules: boolean;
}

export interface CustomSchemas {
  version(kind: string, version: string): CustomVersion | undefined;
}

/** Reads what is asked for, and keeps it. */
export function customSchemas(group: WrittenGroup): CustomSchemas {
  const shared = new Map<number, Schema>();
  const versions = new Map<string, CustomVersion>();
  const read = (written: unknown): Schema => {
    if (typeof written !== "number") return schemaOf(written as Readonly<Record<string, unknown>>, read);
    const known = shared.get(written) ?? read(group.shared[written]);
    shared.set(written, known);
    return known;
  };
  return {
    version(kind, version) {
      const key = `${kind} ${version}`;
      const known = versions.get(key);
      if (known !== undefined) return known;
      const entry = own(own(group.kinds, kind)?.versions, version);
      if (entry === undefined) return undefined;
      const { deprecated, rules = false } = entry;
      const made = { schema: read(entry.schema), deprecated, hasRules: rules };
      versions.set(key, made);
      return made;
    },
  };
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

const PARTS = ["additionalProperties", "items", "not"] as const;
const CHOICES = ["oneOf", "anyOf"] as const;

function schemaOf(written: Readonly<Record<string, unknown>>, read: (written: unknown) => Schema): Schema {
  const properties = new Map<string, Schema>();
  for (const [name, below] of Object.entries(written.properties ?? {})) properties.set(name, read(below));
  const parts: Record<string, unknown> = {};
  const below = [...properties.values()];
  for (const part of PARTS) {
    if (written[part] === undefined) continue;
    const schema = read(written[part]);
    parts[part] = schema;
    below.push(schema);
  }
  for (const choice of CHOICES) {
    if (written[choice] !== undefined) parts[choice] = (written[choice] as readonly unknown[]).map(read);
  }
  const rules = (written.rules as readonly Rule[] | undefined)?.filter(([rule]) => !isTransition(rule));
  return {
    ...written,
    ...parts,
    properties,
    ...(rules === undefined ? {} : { rules }),
    isRuled: (rules?.length ?? 0) > 0 || below.some((schema) => schema.isRuled),
    hasDefaults: written.default !== undefined || below.some((schema) => schema.hasDefaults),
  };
}

/** Compares with what stood there before; nothing did. */
function isTransition(rule: string): boolean {
  return /\boldSelf\b/.test(rule);
}
