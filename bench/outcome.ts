/** One measured thing, beside what it was measured against. */
export interface Outcome {
  readonly what: string;
  /** What was measured, in words and units. */
  readonly figure: string;
  /** Measured over yardstick. */
  readonly ratio: number;
  /** Most that the ratio may be. */
  readonly limit: number;
}

/** One line of the report. */
export function line({ what, figure, ratio, limit }: Outcome): string {
  const verdict = ratio <= limit ? "ok  " : "OVER";
  return `${verdict} ${ratio.toFixed(2)} (at most ${limit})  ${what}: ${figure}`;
}
