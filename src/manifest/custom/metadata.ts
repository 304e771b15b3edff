import { child, type YamlNode } from "../../yaml/node.ts";
import { type Decoded, decodeStrictly } from "../decode/strict.ts";
import { goJsonType } from "../decode/time.ts";
import { goType } from "../decode/types.ts";
import { checkMetadata } from "../metadata.ts";
import { dns1123Subdomain } from "../names.ts";
import { metadataOf, type Report } from "../report.ts";
import type { Fault } from "./fault.ts";

/** Decodes `metadata`, which every kind has alike. */
export function decodeMetadata(node: YamlNode): Decoded {
  const metadata = child(node, "metadata");
  if (metadata === undefined) return { unknown: [] };
  if (metadata.kind !== "map") {
    const message = `json: cannot unmarshal ${goJsonType(metadata)} into Go value of type v1.ObjectMeta`;
    return { unknown: [], wrong: { field: "metadata", message } };
  }
  const { unknown, wrong } = decodeStrictly(metadata, goType("v1.ObjectMeta"));
  return {
    unknown: unknown.map((field) => `metadata.${field}`),
    ...(wrong === undefined ? {} : { wrong: { ...wrong, field: `metadata.${wrong.field}` } }),
  };
}

/** What is wrong with names, labels, owners and finalizers, in the API server's order. */
export function metadataFaults(report: Report): readonly Fault[] {
  const found: Report = { ...report, problems: [] };
  const { namespace: _, ...metadata } = metadataOf(report.at, report.object.kind);
  checkMetadata(found, { ...metadata, namespace: "" }, dns1123Subdomain);
  return found.problems.flatMap(faultOf);
}

function faultOf({ field = "", message }: Report["problems"][number]): readonly Fault[] {
  if (field === "metadata.namespace") return [];
  const text = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  const kind = text.startsWith("Required")
    ? "required"
    : text.startsWith("Too long")
      ? "too-long"
      : "invalid";
  return [{ kind, field, text }];
}
