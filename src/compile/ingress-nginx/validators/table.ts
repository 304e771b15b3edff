import type { OnBadValue } from "../values/on-bad-value.ts";
import type { Validator } from "./kinds.ts";
import { ACCESS } from "./rows/access.ts";
import { PROXY } from "./rows/proxy.ts";
import { ROUTING } from "./rows/routing.ts";

export interface Values {
  readonly validator: Validator;
  readonly what: string;
  readonly otherwise: OnBadValue;
  readonly empty: OnBadValue;
  readonly aliases: readonly string[];
}

/** Older names (AnnotationAliases). */
const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ["allowlist-source-range", ["whitelist-source-range"]],
  ["limit-allowlist", ["limit-whitelist"]],
]);

/**
 * The values of each annotation, by its name without prefix. default outcome: ignored. Nothing reads
 * snippets, so they are not listed.
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

export function valuesOf(name: string): Values {
  const values = VALUES.get(name);
  if (values === undefined) throw new Error(`no validator is written down for the annotation ${name}`);
  return values;
}
