/**
 * A value with nginx variables: literals, variables by name, and captures by number. Made by
 * `parseVariables`.
 */
export interface VariableText {
  /** `$service_name.$namespace.svc` */
  readonly source: string;
  readonly parts: readonly VariablePart[];
}

export type VariablePart =
  | string
  /** Without `$`. */
  | { readonly variable: string }
  /** `$1` to `$9`: groups of the last expression. */
  | { readonly capture: number };
