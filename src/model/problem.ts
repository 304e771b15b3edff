/**
 * `error`: refused or not served. `warning`: served differently from what is written or expected. `notice`:
 * good to know.
 */
export type ProblemLevel = "error" | "warning" | "notice";

/** `namespace` is `""` for cluster-scoped objects. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Something refused, ignored, shadowed or unknown. The shape is the contract of `-o json` (`check`, `up`).
 */
export interface Problem {
  /** A key of `CODES` in `errors.ts`. */
  readonly code: string;
  readonly level: ProblemLevel;
  readonly object?: ObjectRef | undefined;
  /** As the API server writes it: `spec.rules[0].http.paths[1].backend`. */
  readonly field?: string | undefined;
  /** The fault, in the API server's words if it would refuse it. */
  readonly message: string;
  readonly fix: string;
  readonly file?: string | undefined;
  /** 1-based. */
  readonly line?: number | undefined;
  /** Where the field's key stands in its line: 1-based, in UTF-16 code units. Only `check` says it. */
  readonly column?: number | undefined;
  /**
   * nginx's words if it refuses its whole configuration for this: no change of any Ingress takes effect until
   * it is gone.
   */
  readonly stops?: string | undefined;
  /**
   * Missing from the table because of this: the whole Ingress, one route of it, or a guard, so that requests it
   * would refuse are let in. default: nothing is missing
   */
  readonly lost?: "ingress" | "route" | "guard" | undefined;
  /** The URL of a request that shows it, for `explain`. */
  readonly witness?: string | undefined;
  /** The admission webhook's words for refusing the object. */
  readonly webhook?: string | undefined;
}
