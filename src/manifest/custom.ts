import type { CustomKind } from "../model/custom-kinds.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { jsonFields } from "../model/json.ts";
import type { CustomResource } from "../model/resource.ts";
import type { YamlNode } from "../yaml/node.ts";
import { readPlainYaml } from "../yaml/plain-yaml.ts";
import { checkMetadata } from "./metadata.ts";
import { dns1123Subdomain } from "./names.ts";
import { add, metadataOf, type Report } from "./report.ts";

/** `undefined` for an invalid name. */
export function buildCustom(
  report: Report,
  kind: CustomKind,
  apiVersion: string,
): CustomResource | undefined {
  const metadata = metadataOf(report.at, kind);
  if (!checkMetadata(report, metadata, dns1123Subdomain)) return undefined;
  const { spec, ...fields } = jsonFields(jsonOf(report.at.node));
  return {
    ...{ kind, apiVersion, metadata, origin: report.at.origin },
    spec: withValues(report, spec === undefined ? fields : jsonFields(spec)),
  };
}

/** The values of a chart, which `HelmChart` and `HelmChartConfig` hold as text, as `values`. */
function withValues(report: Report, spec: JsonObject): JsonObject {
  const { valuesContent } = spec;
  if (typeof valuesContent !== "string" || !HOLDS_VALUES.has(report.object.kind)) return spec;
  const read = readPlainYaml(valuesContent);
  if (read !== undefined) return { ...spec, values: jsonOf(read) };
  const field = "spec.valuesContent";
  const message = `${field}: more than plain YAML: its values are not read`;
  add(report, { code: "flag-not-honoured", level: "notice", field, message, effect: "none" });
  return spec;
}

const HOLDS_VALUES: ReadonlySet<string> = new Set(["HelmChart", "HelmChartConfig"]);

/** The JSON that kubectl makes of YAML. A whole number beyond JavaScript's exact range becomes the nearest one. */
export function jsonOf(node: YamlNode): Json {
  if (node.kind === "list") return node.items.map(jsonOf);
  if (node.kind === "scalar") return typeof node.value === "bigint" ? Number(node.value) : node.value;
  const fields: Record<string, Json> = Object.create(null);
  for (const [key, { value }] of node.entries) fields[key] = jsonOf(value);
  return fields satisfies JsonObject;
}
