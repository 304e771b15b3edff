import type { Finding } from "./finding.ts";

/** A moment that somebody else wrote down, and whose it is: `the certificate default/my-https`. */
export interface Witness {
  readonly who: string;
  readonly at: Date;
  /** `past`: it cannot be later than now. `now`: it should be now. */
  readonly should: "past" | "now";
}

/** Clocks of two computers may differ by so much without anybody noticing, in ms. */
const TOLERANCE_MS = 60_000;

/** Whether this computer's clock agrees with what others wrote down: certificates, files, the API server. */
export function clockFindings(now: Date, witnesses: readonly Witness[]): readonly Finding[] {
  const off = witnesses.flatMap(({ who, at, should }) => {
    const aheadMs = at.getTime() - now.getTime();
    const isOff = should === "past" ? aheadMs > TOLERANCE_MS : Math.abs(aheadMs) > TOLERANCE_MS;
    return isOff ? [{ who, aheadMs }] : [];
  });
  if (off.length === 0)
    return [{ check: "clock", state: "ok", message: `${now.toISOString()}: nothing contradicts it.` }];
  return off.map(({ who, aheadMs }) => ({
    check: "clock",
    state: "warning",
    message: `${who} is ${inWords(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead of" : "behind"} this computer's clock.`,
    next: "Set the clock by a time server: certificates and tokens are judged by it (in a virtual machine, after sleep: restart it).",
  }));
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
