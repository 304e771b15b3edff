import { type Finding, finding } from "./finding.ts";

/** A time recorded by somebody else. */
export interface RecordedTime {
  /** `The clock of https://…`. */
  readonly who: string;
  readonly at: Date;
  /** `past`: cannot be in the future. `now`: should be the current time. */
  readonly should: "past" | "now";
}

/** Smaller differences between two clocks do not matter. */
const TOLERANCE_MS = 60_000;

/** Compares this computer's clock with times in certificates, files and the API server's answers. */
export function clockFindings(now: Date, witnesses: readonly RecordedTime[]): readonly Finding[] {
  const findings = witnesses.flatMap(({ who, at, should }) => {
    const aheadMs = at.getTime() - now.getTime();
    if (aheadMs <= TOLERANCE_MS && (should === "past" || aheadMs >= -TOLERANCE_MS)) return [];
    const message = `${who} is ${inWords(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead of" : "behind"} this computer's clock.`;
    const next =
      "Set the clock by a time server: certificates and tokens are judged by it (in a virtual machine, after sleep: restart it).";
    return [finding("clock", "warning", message, next)];
  });
  return findings.length > 0
    ? findings
    : [finding("clock", "ok", `${now.toISOString()}: nothing contradicts it.`)];
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
