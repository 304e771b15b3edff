/** What a match held: all of it, then each group by its number; `undefined` for one that took no part. */
export type Captures = readonly (string | undefined)[] & {
  /** The groups that have names. */
  readonly groups?: Readonly<Record<string, string | undefined>>;
};

/** A regular expression in the meaning PCRE gives it, ready to run. */
export interface Pattern {
  /** As written in the manifest. */
  readonly source: string;
  /**
   * Runs against a string of bytes (each char code 0 to 255). `null`: no match. `"too-complex"`: it would have taken
   * more steps than a request may hold the event loop for; nginx answers 500 when PCRE reaches its match limit.
   */
  readonly exec: (bytes: string) => Captures | null | "too-complex";
}
