/** `error`: refused, or not served. `warning`: served otherwise than written or than one would think. `notice`: good to know. */
export type ProblemLevel = "error" | "warning" | "notice";

/** The object a problem is about. `namespace` is `""` for a cluster-scoped one. */
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
  /** What is wrong. For what the API server would refuse: its own text. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  readonly file?: string | undefined;
  /** 1-based. */
  readonly line?: number | undefined;
  /**
   * nginx's own words, where it refuses its whole configuration for this: no change of any Ingress takes effect until it
   * goes.
   */
  readonly stops?: string | undefined;
  /** The words in which the controller's admission webhook refuses the object, where it is installed. */
  readonly webhook?: string | undefined;
}
