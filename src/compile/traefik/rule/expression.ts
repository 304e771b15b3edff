/** A rule as Traefik's parser (vulcand/predicate) reads it. */
export type RuleNode =
  | { readonly kind: "and" | "or"; readonly of: readonly RuleNode[] }
  | { readonly kind: "not"; readonly of: RuleNode }
  | Call;

export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly string[];
}

export const call = (name: string, ...args: readonly string[]): Call => ({ kind: "call", name, args });

/** The conjunction of some rules. */
export function allOf(rules: readonly RuleNode[]): RuleNode {
  const [only] = rules;
  return rules.length === 1 && only !== undefined ? only : { kind: "and", of: rules };
}
