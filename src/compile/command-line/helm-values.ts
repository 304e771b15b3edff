import { type Json, type JsonObject, jsonFields, jsonString } from "../../model/json.ts";
import type { CustomResource } from "../../model/resource.ts";

/** Kinds that hold a chart's values; the later replaces values of the former. */
const HELD: readonly string[] = ["HelmChart", "HelmChartConfig"];

/** A chart's values, of all objects that hold some. */
export interface HelmValues {
  readonly values: JsonObject;
  /** The last one counts most. */
  readonly of: readonly [CustomResource, ...CustomResource[]];
}

/** The values of a chart that has one of these names; a list that is said again replaces the first, as Helm has it. */
export function helmValues(
  custom: readonly CustomResource[],
  names: readonly string[],
): HelmValues | undefined {
  const [first, ...others] = custom
    .filter((each) => HELD.includes(each.kind) && names.includes(chartName(each)))
    .sort((a, b) => HELD.indexOf(a.kind) - HELD.indexOf(b.kind));
  if (first === undefined) return undefined;
  const values = [first, ...others].map(({ spec }) => jsonFields(spec.values));
  return { values: values.reduce(merged), of: [first, ...others] };
}

/** `https://…/charts/traefik-34.2.1+up34.2.0.tgz` is the chart `traefik`. */
function chartName({ spec, metadata }: CustomResource): string {
  const file = jsonString(spec.chart)?.split("/").at(-1) ?? metadata.name;
  return file.replace(/-v?\d[^-]*(?:-[^-]*)?\.tgz$/, "");
}

/** A `null` stays, for it also takes away what the chart itself has. */
function merged(under: JsonObject, over: JsonObject): JsonObject {
  const fields: Record<string, Json | undefined> = Object.assign(Object.create(null), under);
  for (const [key, value] of Object.entries(over)) {
    const [below, above] = [under[key], value];
    fields[key] = isObject(below) && isObject(above) ? merged(below, above) : above;
  }
  return fields;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
