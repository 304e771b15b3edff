import { wildcardOf } from "./host.ts";

/** The value of a name, or else of its one-label wildcard. A name that is there hides the wildcard, whatever it has. */
export function valueOfName<T>(byName: ReadonlyMap<string, T>, name: string): T | undefined {
  return byName.has(name) ? byName.get(name) : byName.get(wildcardOf(name, "none") ?? "");
}
