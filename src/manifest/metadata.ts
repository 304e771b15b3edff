import type { Metadata } from "../model/resource.ts";
import { byteLength, goQuote } from "../request/go-text.ts";
import { child, stringAt } from "../yaml/node.ts";
import { finalizerFaults, ownerFaults } from "./metadata/owners.ts";
import { dns1123Label, labelValue, type NameCheck, qualifiedName } from "./names.ts";
import { add, type Report } from "./report.ts";

/** TotalAnnotationSizeLimitB: names and values together. unit: bytes */
const MOST_ANNOTATIONS = 256 * 1024;

/**
 * Checks `metadata` as the API server does (apimachinery `pkg/api/validation/objectmeta.go`); `false`: the
 * object is refused.
 */
export function checkMetadata(report: Report, metadata: Metadata, checkName: NameCheck): boolean {
  if (report.admission === "passed") return true;
  const before = report.problems.length;
  const invalid = (field: string, value: string, messages: readonly string[]) => {
    for (const message of messages)
      refuse(report, field, `${field}: Invalid value: ${goQuote(value)}: ${message}`);
  };
  checkObjectName(report, metadata, checkName);
  const written = child(report.at.node, "metadata");
  const namespace = stringAt(written, "namespace") ?? "";
  if (namespace !== "" && report.object.namespace === "") {
    refuse(report, "metadata.namespace", "metadata.namespace: Forbidden: not allowed on this type");
  } else if (namespace !== "") {
    invalid("metadata.namespace", namespace, dns1123Label(namespace));
  }
  for (const [key, value] of metadata.labels) {
    invalid("metadata.labels", key, qualifiedName(key));
    invalid("metadata.labels", value, labelValue(value));
  }
  for (const key of metadata.annotations.keys()) {
    invalid("metadata.annotations", key, qualifiedName(key.toLowerCase()));
  }
  let size = 0;
  for (const [key, value] of metadata.annotations) size += byteLength(key) + byteLength(value);
  if (size > MOST_ANNOTATIONS)
    refuse(
      report,
      "metadata.annotations",
      `metadata.annotations: Too long: may not be more than ${MOST_ANNOTATIONS} bytes`,
    );
  for (const { field, text } of [...ownerFaults(written), ...finalizerFaults(written)]) {
    refuse(report, field, `${field}: ${text}`);
  }
  return report.problems.length === before;
}

function checkObjectName(report: Report, metadata: Metadata, checkName: NameCheck): void {
  const { name } = metadata;
  const prefix = stringAt(child(report.at.node, "metadata"), "generateName");
  if (name !== "") {
    for (const message of prefix === undefined || prefix === "" ? [] : checkName(beforeSuffix(prefix))) {
      const field = "metadata.generateName";
      refuse(report, field, `${field}: Invalid value: ${goQuote(prefix ?? "")}: ${message}`);
    }
    for (const message of checkName(name)) {
      refuse(report, "metadata.name", `metadata.name: Invalid value: ${goQuote(name)}: ${message}`);
    }
    return;
  }
  const message =
    prefix === undefined
      ? "metadata.name: Required value: name or generateName is required"
      : `from ${prefix}: cannot use generate name with apply`;
  refuse(report, "metadata.name", message);
}

/** The checked part of a generated name: its last dash may be followed by something. */
function beforeSuffix(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -2)}a` : prefix;
}

function refuse(report: Report, field: string, message: string): void {
  add(report, { code: "invalid-metadata", level: "error", field, message, effect: "object" });
}
