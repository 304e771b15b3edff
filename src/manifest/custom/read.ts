import type { Code } from "../../errors.ts";
import type { Json } from "../../model/json.ts";
import { goQuote } from "../../request/go-text.ts";
import { child, stringAt } from "../../yaml/node.ts";
import { dns1123Label } from "../names.ts";
import { add, type Report } from "../report.ts";
import { reportFault } from "../report-fault.ts";
import { type Fault, faultMessage, invalid } from "./fault.ts";
import { type Judged, judgeMisspelt, judgeObject, NOT_CHECKED } from "./judge.ts";
import type { CustomJudge } from "./judges.ts";
import { decodeMetadata, metadataFaults } from "./metadata.ts";
import { nearField } from "./near-field.ts";
import { type CustomVersion, customSchemas, type WrittenGroup } from "./schema.ts";
import { type CustomFields, isFields, isList, type Value, valueOfNode } from "./value.ts";

/** Faults of one object that are told. */
const MOST_TOLD = 1_000;

/** An object's fields with their defaults, without `status`. `undefined`: the API server refuses it. */
export type CustomRead = { readonly [key: string]: Json | undefined } | undefined;

export function customReader(group: WrittenGroup): CustomJudge {
  const schemas = customSchemas(group);
  return (report, kind, version) => {
    const known = schemas.version(kind, version);
    const object = valueOfNode(report.at.node);
    if (known === undefined || !isFields(object)) return undefined;
    const message = known.deprecated;
    if (message !== undefined) {
      const field = "apiVersion";
      add(report, { code: "deprecated-version", level: "warning", field, message, effect: "none" });
    }
    if (!isAccepted(report, object, kind, known)) return undefined;
    object.delete("status");
    return jsonOfFields(object);
  };
}

function isAccepted(report: Report, object: CustomFields, kind: string, version: CustomVersion): boolean {
  const { unknown, wrong } = decodeMetadata(report.at.node);
  const refuse = (code: Code, field: string, message: string, fix?: string) => {
    add(report, { ...{ code, level: "error", field, message, effect: "object" }, ...(fix && { fix }) });
    return false;
  };
  if (wrong !== undefined) return refuse("wrong-type", wrong.field, wrong.message);
  const generated = stringAt(child(report.at.node, "metadata"), "generateName");
  if (report.object.name === "" && generated !== undefined) {
    return refuse(
      "invalid-metadata",
      "metadata.name",
      `from ${generated}: cannot use generate name with apply`,
    );
  }
  const judged = judgedAs(report, object, kind, version, unknown);
  if (judged.kind === "accepted") return true;
  if (judged.kind === "unknown-fields") {
    const [first = ""] = judged.fields;
    const message = `strict decoding error: ${judged.fields.map((field) => `unknown field "${field}"`).join(", ")}`;
    return refuse("unknown-field", first, message, nearField(version.schema, first));
  }
  if (judged.kind === "no-namespace") return refuse("invalid-metadata", "metadata.namespace", judged.message);
  for (const fault of judged.faults.slice(0, MOST_TOLD)) tell(report, fault);
  const untold = judged.faults.length - MOST_TOLD;
  if (untold > 0) {
    const message = `${untold} more faults are not listed`;
    add(report, { code: "invalid-value", level: "error", field: "", message, effect: "object" });
  }
  return false;
}

function judgedAs(
  report: Report,
  object: CustomFields,
  kind: string,
  version: CustomVersion,
  unknown: readonly string[],
): Judged {
  const { object: ref } = report;
  if (ref.kind !== kind) {
    return {
      kind: "faulty",
      faults: judgeMisspelt(object, version, invalid("kind", ref.kind, `must be ${kind}`)),
    };
  }
  return judgeObject(object, version, {
    unknown,
    missing: () => {
      const isNone = ref.namespace !== "" && dns1123Label(ref.namespace).length > 0;
      return isNone ? `namespaces ${goQuote(ref.namespace)} not found` : undefined;
    },
    faults: () => metadataFaults(report),
  });
}

function tell(report: Report, fault: Fault): void {
  const isUnchecked = fault.field === "" && fault.text.endsWith(NOT_CHECKED);
  if (!isUnchecked) reportFault(report, fault);
  else {
    const [field, message] = ["", faultMessage(fault)];
    add(report, { code: "rules-unchecked", level: "notice", field, message, effect: "none" });
  }
}

/** Whole numbers beyond JavaScript's exact range become the nearest one. */
function jsonOf(value: Value): Json {
  if (isList(value)) return value.map(jsonOf);
  if (isFields(value)) return jsonOfFields(value);
  return typeof value === "bigint" ? Number(value) : value;
}

function jsonOfFields(fields: CustomFields): Record<string, Json> {
  const made: Record<string, Json> = Object.create(null);
  for (const [key, value] of fields) made[key] = jsonOf(value);
  return made;
}
