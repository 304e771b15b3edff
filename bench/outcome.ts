/** A measurement beside its yardstick. */
export interface Outcome {
  /** For the table and the chart: `a small request, http`. */
  readonly what: string;
  /** By who or what was measured, ours first. */
  readonly figures: Readonly<Record<string, number>>;
  /** Of the figures: `µs`, `MB`. */
  readonly unit: string;
  /** Measurement over yardstick. */
  readonly ratio: number;
  /** Highest allowed ratio. default: it is only shown */
  readonly limit?: number | undefined;
  /** The yardstick: `Caddy`. */
  readonly of: string;
}

/** A measurement for which something is missing on this machine. */
export interface Skipped {
  readonly what: string;
  readonly skipped: string;
}

/** A group that broke off. */
export interface Failed {
  readonly what: string;
  /** With its stack. */
  readonly failed: string;
}

export const isOver = ({ ratio, limit }: Outcome): boolean => limit !== undefined && ratio > limit;

/** One line of the report. */
export function line(outcome: Outcome | Skipped | Failed): string {
  if ("failed" in outcome) return `FAIL             ${outcome.what}: ${outcome.failed}`;
  if ("skipped" in outcome) return `skip             ${outcome.what}: ${outcome.skipped}`;
  const { what, figures, unit, ratio, limit, of } = outcome;
  const verdict = limit === undefined ? "    " : isOver(outcome) ? "OVER" : "ok  ";
  const bound = limit === undefined ? "" : `, at most ${limit}`;
  const all = Object.entries(figures).map(([name, value]) => `${name} ${short(value)} ${unit}`);
  return `${verdict} ${ratio.toFixed(2).padStart(5)} of ${of}${bound}  ${what}: ${all.join(", ")}`;
}

/** Three digits that count. */
export function short(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
