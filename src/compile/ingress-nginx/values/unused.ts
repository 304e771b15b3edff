import type { Annotations } from "../annotations.ts";

/** A warning for each annotation that does nothing because another is missing. */
export function sayUnused(annotations: Annotations, names: readonly string[], needed: string): void {
  for (const name of names.filter((present) => annotations.has(present)))
    annotations.report.bad(
      name,
      `it does nothing without ${needed}`,
      `Add ${needed}, or remove it.`,
      "use-default",
    );
}

export function sayUnread(annotations: Annotations, names: readonly string[], needed: string): void {
  for (const name of names.filter((present) => annotations.has(present)))
    annotations.report.bad(name, `it is read only beside ${needed}`, `Add ${needed}.`, "use-default");
}
