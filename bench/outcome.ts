/** A measurement beside its yardstick. */
export interface Outcome {
  readonly what: string;
  /** Value and unit, for people. */
  readonly figure: string;
  /** Measurement over yardstick. */
  readonly ratio: number;
  /** Highest allowed ratio. */
  readonly limit: number;
}

/** One line of the report. */
export function line({ what, figure, ratio, limit }: Outcome): string {
  const verdict = ratio <= limit ? "ok  " : "OVER";
  return `${verdict} ${ratio.toFixed(2)} (at most ${limit})  ${what}: ${figure}`;
}
