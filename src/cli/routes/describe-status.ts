import { printable } from "../../../ui/printable.ts";
import { type Json, type JsonObject, jsonFields } from "../../model/json.ts";
import type { ObjectStatus } from "../../model/object-status.ts";

/** An object's status as `kubectl describe` prints one of a kind that it does not know (describe.go, printUnstructuredContent). */
export function describeStatus({ object, status }: ObjectStatus): readonly string[] {
  const lines: Line[] = [
    { indent: 0, label: "Name", value: object.name },
    { indent: 0, label: "Namespace", value: object.namespace },
    { indent: 0, label: "Kind", value: object.kind },
    { indent: 0, label: "Status" },
  ];
  addFields(lines, status, 1);
  return aligned(lines);
}

interface Line {
  readonly indent: number;
  /** default: an item of a list */
  readonly label?: string;
  /** default: what is below it */
  readonly value?: string;
}

function addFields(lines: Line[], fields: JsonObject, indent: number): void {
  for (const [name, value] of Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined) continue;
    const label = titleOf(name);
    if (value === null || typeof value !== "object") lines.push({ indent, label, value: shown(value) });
    else {
      lines.push({ indent, label });
      if (Array.isArray(value)) addItems(lines, value, indent + 1);
      else addFields(lines, jsonFields(value), indent + 1);
    }
  }
}

function addItems(lines: Line[], items: readonly Json[], indent: number): void {
  for (const item of items)
    if (item === null || typeof item !== "object") lines.push({ indent, value: shown(item) });
    else addFields(lines, jsonFields(item), indent);
}

/** Without control characters, but for the lines of a message. */
function shown(value: Json): string {
  return String(value).split("\n").map(printable).join("\n");
}

const ACRONYMS = /^(?:api|url|uid|osb|guid)$/i;

/** `parentRef` → `Parent Ref` (describe.go, smartLabelFor). */
function titleOf(name: string): string {
  const words = name.split(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  return words
    .map((word) =>
      ACRONYMS.test(word) ? word.toUpperCase() : word.slice(0, 1).toUpperCase() + word.slice(1),
    )
    .join(" ");
}

/** Values of neighbouring lines begin in one column. */
function aligned(lines: readonly Line[]): readonly string[] {
  const text: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const run: Line[] = [];
    for (let line = lines[at]; line !== undefined && hasBoth(line); line = lines[at + run.length])
      run.push(line);
    const width = run.reduce((most, line) => Math.max(most, head(line).length), 0);
    for (const line of run) text.push(`${head(line)}:`.padEnd(width + 3) + line.value);
    at += run.length;
    const other = lines[at];
    if (other === undefined || hasBoth(other)) continue;
    text.push(other.label === undefined ? `${"  ".repeat(other.indent)}${other.value}` : `${head(other)}:`);
    at += 1;
  }
  return text;
}

function hasBoth({ label, value }: Line): boolean {
  return label !== undefined && value !== undefined;
}

function head({ indent, label = "" }: Line): string {
  return "  ".repeat(indent) + label;
}
