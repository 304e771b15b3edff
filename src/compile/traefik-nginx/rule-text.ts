import { goQuote } from "../../request/go-text.ts";

/** A rule as Traefik writes it; its length in bytes is the router's priority. */
export function rulePriority(rule: string): number {
  return Buffer.byteLength(rule);
}

/** Every part has to hold. */
export function everyRule(parts: readonly string[]): string {
  return parts.join(" && ");
}

export function hostRule(hosts: readonly string[]): string {
  const each = hosts.map((host) => `Host(${goQuote(host)})`);
  return each.length > 1 ? `(${each.join(" || ")})` : each.join("");
}

export function exactRule(path: string): string {
  return `Path(${goQuote(path)})`;
}

export const ROOT_RULE = 'PathPrefix("/")';

/** `path` has lost a slash at its end. */
export function prefixRule(path: string): string {
  return `(Path(${goQuote(path)}) || PathPrefix(${goQuote(`${path}/`)}))`;
}

export function expressionRule(source: string): string {
  return `PathRegexp(${goQuote(source)})`;
}
