import { append } from "../../append.ts";
import type { WrittenComment } from "./comments.ts";
import { Kept, type Made, type MadeFields, plainMade } from "./made.ts";

/** The comment of a field of the object before. It is written once, at the first value that stands for the field. */
export type CommentOf = (field: Kept["field"]) => WrittenComment | undefined;

/** An object in block style, as people write manifests. */
export function yamlOf(object: MadeFields, commentOf: CommentOf): string {
  const lines: string[] = [];
  writeFields(object, "", "", commentOf, lines);
  return `${lines.join("\n")}\n`;
}

/** Not a number, a boolean, null, a date or the beginning of anything else of YAML. */
const PLAIN_TEXT = /^[A-Za-z_/][\w./@+-]*(?:[ ][\w./@+,()-]+)*$/;
/** Durations, sizes, addresses, URLs. */
const PLAIN_VALUE = /^(?:\d+(?:ms|s|m|h|Ki|Mi|Gi)|(?:\d+\.){3}\d+(?:\/\d+)?|https?:\/\/[\w.*/:-]*[\w/])$/;
const OTHER_MEANING = /^(?:true|false|yes|no|on|off|null|y|n|nan|inf)$/i;

function scalar(value: null | boolean | number | string): string {
  if (typeof value !== "string") return String(value);
  const isPlain = (PLAIN_TEXT.test(value) && !OTHER_MEANING.test(value)) || PLAIN_VALUE.test(value);
  return isPlain ? value : JSON.stringify(value);
}

/** `first`: the indentation of the first line, as behind a dash. */
function writeFields(
  fields: MadeFields,
  first: string,
  indent: string,
  commentOf: CommentOf,
  lines: string[],
): void {
  let start = first;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    writeValue(`${scalar(key)}:`, value, start, indent, commentOf, lines);
    start = indent;
  }
}

/** `head`: `key:`, or `""` behind a dash. */
function writeValue(
  head: string,
  made: Made,
  first: string,
  indent: string,
  commentOf: CommentOf,
  lines: string[],
): void {
  const { before, behind } = commentsOf(made, commentOf);
  // Before the dash of an item.
  const at = head === "" ? first.replace(/- $/, "") : first.replaceAll("-", " ");
  for (const line of before) lines.push(`${at}${line}`);
  const value = plainMade(made);
  const end = behind === undefined ? "" : ` ${behind}`;
  const space = head === "" ? "" : " ";
  if (Array.isArray(value)) {
    if (value.length === 0) lines.push(`${first}${head}${space}[]${end}`);
    else {
      lines.push(`${first}${head}${end}`);
      for (const item of value as readonly Made[]) writeItem(item, `${indent}  `, commentOf, lines);
    }
  } else if (typeof value === "object" && value !== null) {
    if (Object.values(value).every((each) => each === undefined))
      lines.push(`${first}${head}${space}{}${end}`);
    else {
      lines.push(`${first}${head}${end}`);
      writeFields(value as MadeFields, `${indent}  `, `${indent}  `, commentOf, lines);
    }
  } else lines.push(`${first}${head}${space}${scalar(value as string)}${end}`);
}

function writeItem(made: Made, indent: string, commentOf: CommentOf, lines: string[]): void {
  const value = plainMade(made);
  if (typeof value !== "object" || value === null || Array.isArray(value) || isBare(value as MadeFields)) {
    writeValue("", made, `${indent}- `, `${indent}  `, commentOf, lines);
    return;
  }
  const { before, behind } = commentsOf(made, commentOf);
  for (const line of before) lines.push(`${indent}${line}`);
  const at = lines.length;
  writeFields(value as MadeFields, `${indent}- `, `${indent}  `, commentOf, lines);
  // A comment of a first key goes before the dash.
  const dash = lines.findIndex((line, index) => index >= at && line.startsWith(`${indent}- `));
  if (behind !== undefined && dash >= 0) lines[dash] += ` ${behind}`;
}

function isBare(fields: MadeFields): boolean {
  return Object.values(fields).every((value) => value === undefined);
}

function commentsOf(made: Made, commentOf: CommentOf): WrittenComment {
  const found = { before: [] as string[], behind: undefined as string | undefined };
  for (let at: Made = made; at instanceof Kept; at = at.value) {
    const comment = commentOf(at.field);
    if (comment === undefined) continue;
    append(found.before, comment.before);
    if (found.behind === undefined) found.behind = comment.behind;
    else if (comment.behind !== undefined) found.before.push(comment.behind);
  }
  return found;
}
