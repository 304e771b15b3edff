import type { Json, KubeObject } from "../object.ts";
import type { Presenter } from "../present.ts";
import type { ResourceType } from "../resource-type.ts";
import { AGE, type Column, NAME } from "./column.ts";
import { CORE } from "./core.ts";
import { ENDPOINTS, NETWORKING } from "./networking.ts";
import { WORKLOADS } from "./workloads.ts";

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  ...CORE,
  ...NETWORKING,
  ...ENDPOINTS,
  ...WORKLOADS,
};

/**
 * Objects as rows of a `Table`, which is what `kubectl get` asks for. `include` is the query's `includeObject`; a watch has
 * the columns in its first event only.
 */
export function table(
  type: ResourceType,
  whole: (object: KubeObject) => Json,
  include: string | null,
  now: () => Date,
): Presenter {
  const columns = COLUMNS[type.kind] ?? [NAME, AGE];
  const row = (object: KubeObject): Json => ({
    cells: columns.map((column) => column.cell(object, now())),
    ...(include === "None" ? {} : { object: include === "Object" ? whole(object) : metadataOf(object) }),
  });
  const of = (metadata: object, definitions: readonly Json[] | null, rows: readonly Json[]): Json => ({
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: definitions,
    rows,
  });
  const definitions = columns.map(definition);
  const versionOf = ({ metadata }: KubeObject) => ({ resourceVersion: metadata.resourceVersion });
  let first = true;
  return {
    list: ({ objects, metadata }) => of(metadata, definitions, objects.map(row)),
    one: (object) => of(versionOf(object), definitions, [row(object)]),
    event: (object) => {
      const shown = first ? definitions : null;
      first = false;
      return of(versionOf(object), shown, [row(object)]);
    },
  };
}

function definition(column: Column): Json {
  return {
    name: column.name,
    type: column.type,
    format: column.name === "Name" ? "name" : "",
    description: column.name,
    priority: column.wide ? 1 : 0,
  };
}

function metadataOf(object: KubeObject): Json {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
