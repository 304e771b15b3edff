import { counted } from "../../../counted.ts";
import type { Cause, DifferenceReport } from "../../../diff/difference.ts";

/** `rule removed: shop.test /cart (Prefix) of Ingress default/shop` */
export function causeInWords({ text, detail }: Cause): string {
  return detail === undefined ? text : `${text}: ${detail}`;
}

export function requestCount(count: number): string {
  return counted(count, "request", "requests");
}

export function differingCount({ groups }: Pick<DifferenceReport, "groups">): number {
  return groups.reduce((sum, { all }) => sum + all.length, 0);
}

/** How much differs, and how much the requests tell: sentences on lines of their own. */
export function summaryOf(report: DifferenceReport): readonly string[] {
  const { compared, groups, complete, incomplete, everywhere = [] } = report;
  const head =
    groups.length === 0
      ? `No differences in ${requestCount(compared)}.`
      : `${differingCount(report)} of ${requestCount(compared)} differ, by ${counted(groups.length, "cause", "causes")}.`;
  const always =
    everywhere.length === 0 ? [] : ["For every request:", ...everywhere.map((text) => `  ${text}`)];
  if (complete) return [head, ...always, "The requests are complete: there is no other difference."];
  return [head, ...always, "The requests are a best effort:", ...incomplete.map((why) => `  ${why}`)];
}
