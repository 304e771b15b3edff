import { printable } from "../../../ui/printable.ts";
import { type Colour, type Style, styled } from "../../../ui/style.ts";
import { UserError } from "../../errors.ts";

/** The subject of a finding, as the JSON output names it. Each has one finding or more. */
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

/** `error`: `up` does not work as it is. `warning`: it works, and something about it will surprise. */
export interface Finding {
  readonly check: FindingSubject;
  readonly state: "ok" | "warning" | "error";
  readonly message: string;
  /** There whenever something can be done. */
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

/** An error that the user can do something about, as a finding. Any other error is thrown again. */
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

/** A finding as one line, and its next step below it. */
export function findingLines({ check, state, message, next }: Finding, colour: Colour): readonly string[] {
  const indent = " ".repeat(STATE_CHARS + CHECK_CHARS + 4);
  const label = styled(state.padEnd(STATE_CHARS), STYLES[state], colour);
  const first = `${label}  ${check.padEnd(CHECK_CHARS)}  ${printable(message)}`;
  return next === undefined ? [first] : [first, `${indent}→ ${printable(next)}`];
}
