import { CUSTOM_KINDS, type CustomKind } from "../model/custom-kinds.ts";
import { type Json, type JsonObject, jsonFields } from "../model/json.ts";
import type { CustomResource } from "../model/resource.ts";
import type { YamlNode } from "../yaml/node.ts";
import { readPlainYaml } from "../yaml/plain-yaml.ts";
import { judgeOf } from "./custom/judges.ts";
import type { CustomClassified } from "./custom/kinds.ts";
import { checkMetadata } from "./metadata.ts";
import { dns1123Subdomain } from "./names.ts";
import { add, metadataOf, type Report } from "./report.ts";

/** `unread`: the API server takes it, and no controller here reads it. `undefined`: it is refused. */
type CustomOutcome = CustomResource | "unread" | undefined;

/** Reads an object of a kind that controllers bring, as the API server judges it. */
export function readCustom(
  report: Report,
  classified: Extract<CustomClassified, { kind: "judged" | "unjudged" }>,
  apiVersion: string,
): CustomOutcome {
  if (classified.kind === "unjudged") return buildCustom(report, classified.custom, apiVersion);
  const { group, custom, version } = classified;
  const kind = CUSTOM_KINDS.get(group)?.find((each) => each === custom);
  const judge = judgeOf(group);
  // Converting text needs no judgement, and loads none.
  if (judge === undefined) return kind === undefined ? "unread" : buildCustom(report, kind, apiVersion);
  const fields = judge(report, custom, version);
  if (fields === undefined) return undefined;
  return kind === undefined ? "unread" : resourceOf(report, kind, apiVersion, fields);
}

/** `undefined` for an invalid name. */
export function buildCustom(
  report: Report,
  kind: CustomKind,
  apiVersion: string,
): CustomResource | undefined {
  if (!checkMetadata(report, metadataOf(report.at, kind), dns1123Subdomain)) return undefined;
  const made = resourceOf(report, kind, apiVersion, jsonFields(jsonOf(report.at.node)));
  return { ...made, spec: withValues(report, made.spec) };
}

function resourceOf(
  { at }: Report,
  kind: CustomKind,
  apiVersion: string,
  { spec, apiVersion: _version, kind: _kind, metadata: _metadata, status: _status, ...fields }: JsonObject,
): CustomResource {
  return {
    ...{ kind, apiVersion, metadata: metadataOf(at, kind), origin: at.origin },
    spec: spec === undefined ? fields : jsonFields(spec),
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
function jsonOf(node: YamlNode): Json {
  if (node.kind === "list") return node.items.map(jsonOf);
  if (node.kind === "scalar") return typeof node.value === "bigint" ? Number(node.value) : node.value;
  const fields: Record<string, Json> = Object.create(null);
  for (const [key, { value }] of node.entries) fields[key] = jsonOf(value);
  return fields satisfies JsonObject;
}
