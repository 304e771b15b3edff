import { asMap, asText, at, type Json, type KubeObject } from "../object.ts";
import { age } from "./age.ts";

/** One column of what `kubectl get` prints. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer";
  /** Only with `-o wide`. */
  readonly wide: boolean;
  readonly cell: (object: KubeObject, now: Date) => string | number;
}

/** A column of text. */
export function text(name: string, cell: Column["cell"]): Column {
  return { name, type: "string", wide: false, cell };
}

/** A column of numbers. */
export function number(name: string, cell: Column["cell"]): Column {
  return { name, type: "integer", wide: false, cell };
}

/** A column for `-o wide` alone. */
export function wide(column: Column): Column {
  return { ...column, wide: true };
}

export const NAME = text("Name", (object) => object.metadata.name ?? "");

export const AGE = text("Age", (object, now) => age(object.metadata.creationTimestamp, now));

/** The text, or `<none>`. */
export function orNone(found: string): string {
  return found === "" ? "<none>" : found;
}

/** Labels as `a=b,c=d`, `<none>` for none. */
export function labels(value: unknown): string {
  const pairs = Object.entries(asMap(value)).sort(([a], [b]) => (a < b ? -1 : 1));
  return orNone(pairs.map(([key, one]) => `${key}=${asText(one)}`).join(","));
}

/** The number of an object's entries. */
export function count(value: unknown): number {
  return Object.keys(asMap(value)).length;
}

/** The number at a path. default: 0 */
export function amount(object: KubeObject | Json, ...path: readonly string[]): number {
  const found = at(object, ...path);
  return typeof found === "number" ? found : 0;
}

/** The first three, and the number of the rest. */
export function firstThree(all: readonly string[], total = all.length): string {
  const shown = all.slice(0, 3).join(",");
  return total > 3 ? `${shown} + ${total - 3} more...` : shown;
}
