/** The whole match, then each group by number; `undefined` for an unset group. */
export type Captures = readonly (string | undefined)[] & {
  /** Named groups. */
  readonly groups?: Readonly<Record<string, string | undefined>>;
};

/** A PCRE expression, ready to run. */
export interface Pattern {
  readonly source: string;
  /**
   * Runs on bytes (char codes 0 to 255). `null`: no match. `"too-complex"`: over the step limit that protects
   * the event loop; nginx answers 500 at PCRE's match limit.
   */
  readonly exec: (bytes: string) => Captures | null | "too-complex";
}
