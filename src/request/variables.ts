import type { VariablePart, VariableText } from "../model/route/variable-text.ts";
import { FAMILIES, READERS, type VariableFacts } from "./variables/readers.ts";
import { isSilent } from "./variables/silent.ts";

/** A text that nginx would load, or the unknown variable for which it refuses the configuration. */
export type ParsedVariables =
  | { readonly kind: "parsed"; readonly text: VariableText }
  | { readonly kind: "unknown"; readonly variable: string };

/** `$1`, `$name`, `${name}` (ngx_http_script_compile). */
const VARIABLE = /\$(?:([1-9])|(\w+)|\{(\w+)\}|)/g;

/**
 * Parses the variables of a value once, so that requests only fill them in.
 *
 * `named`: groups of the regular expression beside the value, which may also be variables.
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

/** True if nginx knows the variable; the name comes without `$`. */
export function isVariable(variable: string): boolean {
  return hasValue(variable) || isSilent(variable);
}

/** A clause about the variables that only a running nginx can fill. */
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

/** Unset captures are empty, as in nginx. */
export function fillVariables(text: VariableText, facts: VariableFacts): string {
  let filled = "";
  for (const part of text.parts) filled += typeof part === "string" ? part : partOf(part, facts);
  return filled;
}

export function partOf(part: Exclude<VariablePart, string>, facts: VariableFacts): string {
  if ("capture" in part) return facts.captures?.[part.capture] ?? "";
  const reader = READERS.get(part.variable);
  if (reader !== undefined) return reader(facts);
  for (const [prefix, read] of FAMILIES)
    if (part.variable.startsWith(prefix)) return read(part.variable.slice(prefix.length), facts);
  return facts.captures?.groups?.[part.variable] ?? "";
}
