import type { Code } from "../errors.ts";
import { type Fault, type FieldFaultKind, faultMessage } from "./custom/fault.ts";
import { add, type Report } from "./report.ts";

const CODE: Readonly<Record<FieldFaultKind, Code>> = {
  invalid: "invalid-value",
  type: "wrong-type",
  required: "missing-field",
  unsupported: "unsupported-value",
  "too-many": "invalid-value",
  "too-long": "invalid-value",
  duplicate: "duplicate-value",
};

/** Reports what the API server refuses an object for. */
export function reportFault(report: Report, fault: Fault): void {
  const { field } = fault;
  const code = codeOf(fault);
  add(report, { code, level: "error", field, message: faultMessage(fault), effect: "object" });
}

function codeOf({ kind, field }: Fault): Code {
  if (field === "kind") return "unknown-kind";
  return field.startsWith("metadata.") ? "invalid-metadata" : CODE[kind];
}
