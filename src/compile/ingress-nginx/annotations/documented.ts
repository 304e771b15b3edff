/** The controller's danger level; `annotations-risk-level` sets the highest allowed. */
export type Risk = "Low" | "Medium" | "High" | "Critical";

export const RISKS: readonly Risk[] = ["Low", "Medium", "High", "Critical"];

export interface DocumentedAnnotation {
  /** Without prefix. */
  readonly name: string;
  readonly group: string;
  readonly risk: Risk;
}

/**
 * Annotations of one group of ingress-nginx's documentation. `names`: by risk, separated by blanks.
 *
 * Source: docs/user-guide/nginx-configuration/annotations-risk.md (v1.15), with the aliases of
 * internal/ingress/annotations.
 */
export function documented(
  group: string,
  names: Partial<Record<Risk, string>>,
): readonly DocumentedAnnotation[] {
  return RISKS.flatMap((risk) => (names[risk]?.split(" ") ?? []).map((name) => ({ name, group, risk })));
}
