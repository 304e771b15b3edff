import type { VariablePart, VariableText } from "../model/settings/variable-text.ts";
import { FAMILIES, READERS, type VariableFacts } from "./variables/readers.ts";
import { isSilent } from "./variables/silent.ts";

/** A text that nginx would load, or the variable that it does not know: it refuses the whole configuration then. */
export type ParsedVariables =
  | { readonly kind: "parsed"; readonly text: VariableText }
  | { readonly kind: "unknown"; readonly variable: string };

/** `$1`, `$name`, `${name}` (ngx_http_script_compile). */
const VARIABLE = /\$(?:([1-9])|(\w+)|\{(\w+)\}|)/g;

/**
 * Reads the variables out of a value once, so that a request only puts it together.
 *
 * `named`: groups of a regular expression that the value stands beside; they may be named as variables too.
 */
export function parseVariables(source: string, named: readonly string[] = []): ParsedVariables {
  const parts: VariablePart[] = [];
  let end = 0;
  for (const found of source.matchAll(VARIABLE)) {
    const [whole, digit, bare, braced] = found;
    if (found.index > end) parts.push(source.slice(end, found.index));
    end = found.index + whole.length;
    const variable = bare ?? braced ?? "";
    if (digit !== undefined) parts.push({ capture: Number(digit) });
    else if (named.includes(variable) || isVariable(variable)) parts.push({ variable });
    else return { kind: "unknown", variable: `$${variable}` };
  }
  if (end < source.length) parts.push(source.slice(end));
  return { kind: "parsed", text: { source, parts } };
}

/** Whether nginx knows a variable by this name, without its `$`. */
export function isVariable(variable: string): boolean {
  return hasValue(variable) || isSilent(variable);
}

/** The variables of a text that only a running nginx has values for, as one clause: they are empty here. */
export function emptyHere({ parts }: VariableText, named: readonly string[] = []): string | undefined {
  const variables = parts.flatMap((part) =>
    typeof part === "object" && "variable" in part ? [part.variable] : [],
  );
  const silent = variables.filter((variable) => !hasValue(variable) && !named.includes(variable));
  return silent.length === 0
    ? undefined
    : `only the cluster's nginx knows $${silent.join(", $")}: empty here`;
}

function hasValue(variable: string): boolean {
  return (
    READERS.has(variable) ||
    FAMILIES.some(([prefix]) => variable.startsWith(prefix) && variable.length > prefix.length)
  );
}

/** The value for one request. A capture that took no part is empty, as nginx has it. */
export function fillVariables(text: VariableText, facts: VariableFacts): string {
  let filled = "";
  for (const part of text.parts) filled += typeof part === "string" ? part : partOf(part, facts);
  return filled;
}

/** What one variable, or one capture, holds; `""` for none. */
export function partOf(part: Exclude<VariablePart, string>, facts: VariableFacts): string {
  if ("capture" in part) return facts.captures?.[part.capture] ?? "";
  const reader = READERS.get(part.variable);
  if (reader !== undefined) return reader(facts);
  for (const [prefix, read] of FAMILIES)
    if (part.variable.startsWith(prefix)) return read(part.variable.slice(prefix.length), facts);
  return facts.captures?.groups?.[part.variable] ?? "";
}
