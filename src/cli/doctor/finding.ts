import { printable } from "../../../ui/printable.ts";
import { type Colour, type Style, styled } from "../../../ui/style.ts";
import { UserError } from "../../errors.ts";

/** Subjects in the JSON output; each has at least one finding. */
export type FindingSubject =
  | "manifests"
  | "cluster"
  | "permissions"
  | "ports"
  | "hosts-file"
  | "names"
  | "certificates"
  | "trust"
  | "clock";

/** `error`: `up` does not work. `warning`: it works, with a surprise. */
export interface Finding {
  readonly check: FindingSubject;
  readonly state: "ok" | "warning" | "error";
  readonly message: string;
  /** Present whenever something can be done. */
  readonly next?: string | undefined;
}

export function finding(
  check: FindingSubject,
  state: Finding["state"],
  message: string,
  next?: string,
): Finding {
  return { check, state, message, next };
}

/** A user error as a finding; throws any other error again. */
export function errorFinding(check: FindingSubject, error: unknown): Finding {
  if (!(error instanceof UserError)) throw error;
  return finding(check, "error", error.message, error.fix);
}

const STYLES: Readonly<Record<Finding["state"], Style>> = {
  ok: { colour: "green" },
  warning: { colour: "yellow" },
  error: { colour: "red" },
};
const STATE_CHARS = "warning".length;
const CHECK_CHARS = "certificates".length;

export function findingLines({ check, state, message, next }: Finding, colour: Colour): readonly string[] {
  const indent = " ".repeat(STATE_CHARS + CHECK_CHARS + 4);
  const label = styled(state.padEnd(STATE_CHARS), STYLES[state], colour);
  const first = `${label}  ${check.padEnd(CHECK_CHARS)}  ${printable(message)}`;
  return next === undefined ? [first] : [first, `${indent}→ ${printable(next)}`];
}
