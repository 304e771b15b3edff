import { closest } from "../../closest.ts";

/** A name near the request's host, in place of it. */
export interface HostFix {
  readonly host: string;
  readonly why: string;
  /** Lower is nearer. */
  readonly cost: number;
}

/** What brings a request from one host to a rule's; `undefined`: nothing short of another host. Both in lower case. */
export function hostFix(own: string, asked: string): HostFix | undefined {
  if (own.startsWith("*.")) return wildcardFix(own, asked);
  if (asked === `www.${own}`) return { host: own, why: `the rule is for ${own}, without www.`, cost: 10 };
  if (own === `www.${asked}`) return { host: own, why: `the rule is for ${own}, with www.`, cost: 10 };
  if (closest(asked, [own]) === undefined) return undefined;
  return { host: own, why: `host ${asked} is close to ${own}`, cost: 11 };
}

function wildcardFix(own: string, asked: string): HostFix | undefined {
  const domain = own.slice(1);
  if (asked === domain.slice(1))
    return { host: `www${domain}`, why: `${own} covers exactly one label, so not ${asked} itself`, cost: 12 };
  if (!asked.endsWith(domain)) return undefined;
  const labels = asked.slice(0, -domain.length).split(".");
  if (labels.length < 2) return undefined;
  const why = `${own} covers exactly one label, so not ${asked}`;
  return { host: `${labels.at(-1)}${domain}`, why, cost: 12 };
}
