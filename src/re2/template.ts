import { textAsBytes } from "../request/utf8.ts";
import type { Re2, Spans } from "./re2.ts";

/** Text in bytes, or a group by its number or name. */
export type TemplatePart = string | { readonly group: number | string };

export type Template = readonly TemplatePart[];

/** Larger numbers are names to Go, and no group has them. */
const LARGEST = 1e8;

/** Reads `$1`, `${1}`, `$name`, `$$` as Go's Regexp.Expand; `$1x` is the group named `1x`, and a lone `$` is itself. */
export function readTemplate(source: string): Template {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (let dollar = source.indexOf("$"); dollar >= 0; dollar = source.indexOf("$", at)) {
    parts.push(textAsBytes(source.slice(at, dollar)));
    const { part, end } = readVariable(source, dollar + 1);
    parts.push(part);
    at = end;
  }
  parts.push(textAsBytes(source.slice(at)));
  return parts.filter((part) => part !== "");
}

function readVariable(source: string, start: number): { part: TemplatePart; end: number } {
  if (source[start] === "$") return { part: "$", end: start + 1 };
  const isBraced = source[start] === "{";
  const word = /[\p{L}\p{Nd}_]+/uy;
  word.lastIndex = isBraced ? start + 1 : start;
  const name = word.exec(source)?.[0];
  if (name === undefined || (isBraced && source[word.lastIndex] !== "}")) return { part: "$", end: start };
  const isNumber = /^(?:0|[1-9]\d*)$/.test(name) && Number(name) < LARGEST;
  return {
    part: { group: isNumber ? Number(name) : name },
    end: isBraced ? word.lastIndex + 1 : word.lastIndex,
  };
}

/** A template over one match; groups that are unset or missing are empty. */
export function expandTemplate(template: Template, names: Re2["names"], bytes: string, spans: Spans): string {
  const text = (group: number) =>
    (spans[2 * group] ?? -1) < 0 ? undefined : bytes.slice(spans[2 * group], spans[2 * group + 1]);
  const named = (wanted: string) => {
    for (const [at, name] of names.entries())
      if (name === wanted && text(at + 1) !== undefined) return text(at + 1);
    return undefined;
  };
  return template
    .map((part) => {
      if (typeof part === "string") return part;
      return (typeof part.group === "number" ? text(part.group) : named(part.group)) ?? "";
    })
    .join("");
}
