/** A number of seconds as the API takes it: at most five digits a unit. */
export function durationOf(seconds: number): string {
  if (seconds < 100_000) return `${seconds}s`;
  return `${Math.min(Math.ceil(seconds / 3600), 99_999)}h`;
}
