import type { OnBadValue } from "../values/on-bad-value.ts";
import type { Validator } from "./kinds.ts";
import { ACCESS } from "./rows/access.ts";
import { PROXY } from "./rows/proxy.ts";
import { ROUTING } from "./rows/routing.ts";

/** The values of one annotation. */
export interface Values {
  readonly validator: Validator;
  /** Values that are taken, in words. */
  readonly what: string;
  /** The outcome of a value that the validator refuses. */
  readonly otherwise: OnBadValue;
  /** The outcome of an empty one. */
  readonly empty: OnBadValue;
  /** Asked where the annotation is absent or empty. */
  readonly aliases: readonly string[];
}

/** Older names (AnnotationAliases). */
const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ["allowlist-source-range", ["whitelist-source-range"]],
  ["limit-allowlist", ["limit-whitelist"]],
]);

/**
 * The values of each annotation, by its name without the prefix; a bad value of which a row says nothing is
 * ignored. Snippets are not among them: nothing reads one here.
 */
export const VALUES: ReadonlyMap<string, Values> = new Map(
  [ACCESS, PROXY, ROUTING]
    .flatMap((rows) => Object.values(rows))
    .flatMap((rows) => Object.entries(rows))
    .map(([name, [validator, what, otherwise = "use-default", empty = "use-default"]]) => [
      name,
      { validator, what, otherwise, empty, aliases: ALIASES.get(name) ?? [] },
    ]),
);

/** Those of an annotation that a feature reads. */
export function valuesOf(name: string): Values {
  const values = VALUES.get(name);
  if (values === undefined) throw new Error(`no validator is written down for the annotation ${name}`);
  return values;
}
