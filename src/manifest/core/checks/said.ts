import { type Fault, goShown, invalid } from "../../custom/fault.ts";
import type { Value } from "../../custom/value.ts";
import type { NameCheck } from "../../names.ts";

/** The API server's words for fields of Kubernetes' own kinds (apimachinery `pkg/util/validation/field`). */
export function required(field: string): Fault {
  return { kind: "required", field, text: "Required value" };
}

export function forbidden(field: string, why: string): Fault {
  return { kind: "invalid", field, text: `Forbidden: ${why}` };
}

export function duplicate(field: string, value: Value): Fault {
  return { kind: "duplicate", field, text: `Duplicate value: ${goShown(value)}` };
}

/** Nothing for a value that is absent or known. `values`: sorted */
export function unsupportedFaults(
  field: string,
  value: string | undefined,
  values: readonly string[],
): readonly Fault[] {
  if (value === undefined || values.includes(value)) return [];
  const listed = values.map(goShown).join(", ");
  const text = `Unsupported value: ${goShown(value)}: supported values: ${listed}`;
  return [{ kind: "unsupported", field, text }];
}

export function nameFaults(field: string, value: string, check: NameCheck): readonly Fault[] {
  return check(value).map((fault) => invalid(field, value, fault));
}
