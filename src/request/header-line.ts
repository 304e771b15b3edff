import type { HeaderLine } from "../model/decision.ts";

/** The value of a header by lower-case name; the first counts. */
export function headerIn(lines: readonly HeaderLine[], name: string): string | undefined {
  return lines.find(([one]) => one.toLowerCase() === name)?.[1];
}

export function isHostLine([name]: HeaderLine): boolean {
  return name.toLowerCase() === "host";
}
