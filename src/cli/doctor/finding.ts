import { printable } from "../../../ui/printable.ts";
import { type Colour, type Style, styled } from "../../../ui/style.ts";

/** What a finding is about; one or several findings each. Names of the JSON output. */
export type Check =
  | "manifests"
  | "cluster"
  | "permissions"
  | "ports"
  | "hosts-file"
  | "names"
  | "certificates"
  | "trust"
  | "clock";

/**
 * One thing that `doctor` looked at. `error`: `up` does not work as it is. `warning`: it works, and something about it
 * will surprise. `next` is there whenever something can be done.
 */
export interface Finding {
  readonly check: Check;
  readonly state: "ok" | "warning" | "error";
  readonly message: string;
  readonly next?: string | undefined;
}

const STYLES: Readonly<Record<Finding["state"], Style>> = {
  ok: { colour: "green" },
  warning: { colour: "yellow" },
  error: { colour: "red" },
};
const STATE_CHARS = "warning".length;
const CHECK_CHARS = "certificates".length;

/** A finding as one line, and its next step below it. */
export function findingLines(finding: Finding, colour: Colour): readonly string[] {
  const { check, state, message, next } = finding;
  const indent = " ".repeat(STATE_CHARS + CHECK_CHARS + 4);
  const label = styled(state.padEnd(STATE_CHARS), STYLES[state], colour);
  const first = `${label}  ${check.padEnd(CHECK_CHARS)}  ${printable(message)}`;
  return next === undefined ? [first] : [first, `${indent}→ ${printable(next)}`];
}
