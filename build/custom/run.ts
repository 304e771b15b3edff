import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { ROOT } from "../bundle.ts";
import { compactSchema, share, type Written } from "./compact.ts";

/**
 * Makes the schemas that custom resources are judged by from CustomResourceDefinitions, as YAML or JSON:
 *
 *     npm run schemas -- gateway-api/experimental-install.yaml traefik-crds.yaml
 *
 * Writes one file for each group that occurs; the files of other groups stay.
 */
const FOLDER = join(ROOT, "src/manifest/custom/schemas");

interface Definition {
  readonly group: string;
  readonly kind: string;
  readonly scope: string;
  readonly versions: readonly {
    readonly name: string;
    readonly served: boolean;
    readonly deprecated?: boolean;
    readonly deprecationWarning?: string;
    readonly schema: Written & { readonly openAPIV3Schema?: Written };
  }[];
}

function definitionsOf(value: unknown): readonly Definition[] {
  if (Array.isArray(value)) return value.flatMap(definitionsOf);
  if (typeof value !== "object" || value === null) return [];
  const object = value as {
    kind?: string;
    items?: unknown;
    spec?: Definition & { names: Definition };
    versions?: unknown;
  };
  if (object.items !== undefined) return definitionsOf(object.items);
  if (object.kind === "CustomResourceDefinition" && object.spec !== undefined) {
    return [{ ...object.spec, kind: object.spec.names.kind }];
  }
  return object.versions === undefined ? [] : [value as Definition];
}

const definitions = process.argv.slice(2).flatMap((file) => {
  const text = readFileSync(file, "utf8");
  const values = file.endsWith(".json")
    ? [JSON.parse(text)]
    : parseAllDocuments(text).map((doc) => doc.toJS());
  return values.flatMap(definitionsOf);
});

function hasRules(schema: Written): boolean {
  return JSON.stringify(schema).includes('"rules":[[');
}

mkdirSync(FOLDER, { recursive: true });
for (const group of new Set(definitions.map((definition) => definition.group))) {
  const kinds = definitions
    .filter((definition) => definition.group === group)
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const served = kinds.flatMap((definition) =>
    definition.versions.filter((version) => version.served).map((version) => ({ definition, version })),
  );
  const compact = served.map(({ definition, version }) =>
    compactSchema(version.schema.openAPIV3Schema ?? version.schema, `${definition.kind} ${version.name}: `),
  );
  const { shared, schemas } = share(compact);
  const entries = kinds.map(({ kind, scope }) => {
    const versions = served.flatMap(({ definition, version }, at) => {
      if (definition.kind !== kind) return [];
      const warning = version.deprecationWarning ?? `${group}/${version.name} ${kind} is deprecated`;
      const deprecated = version.deprecated ? { deprecated: warning } : {};
      const rules = hasRules(compact[at] ?? {}) ? { rules: true } : {};
      return [[version.name, { ...deprecated, ...rules, schema: schemas[at] }] as const];
    });
    return [kind, { scope, versions: Object.fromEntries(versions) }] as const;
  });
  const lines = [
    `{"kinds":{`,
    entries.map(([kind, entry]) => `${JSON.stringify(kind)}:${JSON.stringify(entry)}`).join(",\n"),
    `},"shared":[`,
    shared.map((schema) => JSON.stringify(schema)).join(",\n"),
    "]}",
  ];
  writeFileSync(join(FOLDER, `${group}.json`), `${lines.join("\n")}\n`);
}

/** Which versions each kind is served in, of all groups: it is read without the schemas. */
const served = readdirSync(FOLDER)
  .sort()
  .map((file) => {
    const { kinds } = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as {
      kinds: Record<string, { versions: Record<string, unknown> }>;
    };
    const versions = Object.entries(kinds).map(
      ([kind, entry]) => [kind, Object.keys(entry.versions)] as const,
    );
    return `${JSON.stringify(file.replace(/\.json$/, ""))}:${JSON.stringify(Object.fromEntries(versions))}`;
  });
writeFileSync(join(FOLDER, "../served.json"), `{\n${served.join(",\n")}\n}\n`);
