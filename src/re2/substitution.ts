import { textAsBytes } from "../request/utf8.ts";
import type { Template, TemplatePart } from "./template.ts";

/**
 * Reads `\1` and `\\` as RE2 rewrites, for Envoy's `substitution`. Any other backslash ends it. `undefined` if it names a group
 * above `groups`: then nothing is replaced. Source: Rewrite and GlobalReplace in re2.cc.
 */
export function readSubstitution(source: string, groups: number): Template | undefined {
  const parts: TemplatePart[] = [];
  const bytes = textAsBytes(source);
  if ([...bytes.matchAll(/\\(.)/gs)].some(([, next = ""]) => Number(next) > groups)) return undefined;
  let at = 0;
  for (let slash = bytes.indexOf("\\"); slash >= 0; slash = bytes.indexOf("\\", at)) {
    parts.push(bytes.slice(at, slash));
    const next = bytes.charAt(slash + 1);
    if (next === "\\") parts.push("\\");
    else if (/[0-9]/.test(next)) parts.push({ group: Number(next) });
    else return written(parts);
    at = slash + 2;
  }
  return written([...parts, bytes.slice(at)]);
}

function written(parts: readonly TemplatePart[]): Template {
  return parts.filter((part) => part !== "");
}
