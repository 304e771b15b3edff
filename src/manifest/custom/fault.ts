import { goQuote } from "../../request/go-text.ts";
import { goFloat, goJson, isInteger, type Value } from "./value.ts";

export type FieldFaultKind =
  | "invalid"
  | "type"
  | "required"
  | "unsupported"
  | "too-many"
  | "too-long"
  | "duplicate";

/** What the API server says of one field. */
export interface Fault {
  readonly kind: FieldFaultKind;
  /** `""`: of none (`<nil>`). */
  readonly field: string;
  /** What is said behind the field. */
  readonly text: string;
}

/** After such a fault rules are not evaluated. */
export function blocksRules({ kind }: Fault): boolean {
  return kind !== "invalid" && kind !== "duplicate";
}

export function faultMessage({ field, text }: Fault): string {
  return `${field === "" ? "<nil>" : field}: ${text}`;
}

/** A value as `field.Error` prints it (apimachinery `pkg/util/validation/field/errors.go`). */
export function goShown(value: Value): string {
  if (typeof value === "string") return goQuote(value);
  return typeof value === "number" && !isInteger(value) ? goFloat(value) : goJson(value);
}

export function invalid(field: string, value: Value, detail: string): Fault {
  return { kind: "invalid", field, text: `Invalid value: ${goShown(value)}: ${detail}` };
}

export function notOfField(detail: string): Fault {
  return invalid("", "", detail);
}

/** `said` is what the message shows as the value: the name of its type, or the value. */
export function wrongType(field: string, wanted: string, said: string): Fault {
  const detail = `${inBody(field)} must be of type ${wanted}: ${goQuote(said)}`;
  return { kind: "type", field, text: `Invalid value: ${goQuote(said)}: ${detail}` };
}

export function inBody(field: string): string {
  return `${field} in body`;
}
