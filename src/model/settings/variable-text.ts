/**
 * A value that nginx puts variables into: literals, variables by name, and captures by number, in turn.
 *
 * What `parseVariables` of `src/match/variables.ts` makes of an annotation's text.
 */
export interface VariableText {
  /** As written: `$service_name.$namespace.svc`. */
  readonly source: string;
  readonly parts: readonly VariablePart[];
}

/** One piece of a `VariableText`. */
export type VariablePart =
  | string
  /** A variable of the request, without the `$`. */
  | { readonly variable: string }
  /** `$1` to `$9`: what a group of the last regular expression held. */
  | { readonly capture: number };
