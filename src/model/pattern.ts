/** A regular expression in the meaning PCRE gives it, ready to run. */
export interface Pattern {
  /** As written in the manifest. */
  readonly source: string;
  /**
   * Runs against a string of bytes (each char code 0 to 255). `null`: no match. `"too-complex"`: it would have taken
   * longer than the time a request may hold the event loop; nginx answers 500 when PCRE reaches its match limit.
   */
  readonly exec: (bytes: string) => RegExpExecArray | null | "too-complex";
}
