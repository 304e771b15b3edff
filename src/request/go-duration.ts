/** A time as Go's `Duration.String` writes it: `1m0.5s`, `250ms`, `1h0m0s`. */
export function goDuration(ms: number): string {
  const nanoseconds = Math.round(ms * 1e6);
  if (nanoseconds === 0) return "0s";
  for (const [unit, size] of SHORT) if (nanoseconds < size * 1_000) return `${nanoseconds / size}${unit}`;
  const minutes = Math.floor(nanoseconds / MINUTE);
  const seconds = `${Number(((nanoseconds - minutes * MINUTE) / 1e9).toFixed(9))}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

/** unit: ns */
const MINUTE = 60e9;
const SHORT = [
  ["ns", 1],
  ["µs", 1e3],
  ["ms", 1e6],
] as const;
