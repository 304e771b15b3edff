import { type Annotations, PREFIX } from "./annotations.ts";

/** A warning for each annotation that is there and does nothing, because another is not. */
export function sayUnused(annotations: Annotations, names: readonly string[], needed: string): void {
  const written = new Set(annotations.names());
  for (const name of names) {
    if (!written.has(PREFIX + name)) continue;
    const what = `it does nothing without ${needed}`;
    annotations.bad(name, what, `Add ${needed}, or remove it.`, "use-default");
  }
}
