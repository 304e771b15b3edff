import { append } from "../append.ts";
import type { Outcome } from "../match/outcome.ts";
import type { HeaderLine } from "../model/decision.ts";
import { bytesAsText } from "../request/utf8.ts";
import { type Actual, actualInWords, actualOf, headersSentBack } from "./actual.ts";
import { isExpectedLocation } from "./location.ts";
import type { Expectation, HeaderExpectation, ServicePattern } from "./test-file.ts";

/** An expectation that does not hold. */
export interface Failure {
  readonly key: string;
  readonly expected: string;
  readonly actual: string;
}

/** `requestHeaders`: as the backend receives them; asked only where they are expected. */
export function judgeTest(
  expect: Expectation,
  outcome: Outcome,
  requestHeaders: () => readonly HeaderLine[],
): readonly Failure[] {
  const actual = actualOf(outcome);
  const words = actualInWords(actual);
  const failures: Failure[] = [];
  const require = (isMet: boolean, key: string, expected: string, found: string) => {
    if (!isMet) failures.push({ key, expected, actual: found });
  };
  const { service, port, path, status, redirect, ingress, rule, notService = [], why = [] } = expect;
  const isForward = actual.decision === "forward";
  const backend = isForward ? `${actual.service}:${actual.port}` : words;
  if (service !== undefined) require(isService(service, actual), "service", serviceInWords(service), backend);
  if (port !== undefined) require(port === String(actual.port), "port", port, portInWords(actual, words));
  if (path !== undefined) require(path === actual.path, "path", path, actual.path ?? words);
  if (status !== undefined)
    require(status === actual.status, "status", String(status), statusInWords(actual, words));
  if (redirect !== undefined)
    require(isExpectedLocation(redirect, outcome), "redirect", redirect, actual.location ?? words);
  if (ingress !== undefined)
    require(isNamed(ingress, actual.ingress) ||
      isNamed(ingress, actual.canary), "ingress", ingress, actual.canary ?? actual.ingress ?? "none");
  if (rule !== undefined) require(isRule(rule, actual), "rule", rule, ruleInWords(actual));
  for (const pattern of notService)
    require(!isService(pattern, actual), "notService", `not ${serviceInWords(pattern)}`, backend);
  const reasons = outcome.decision.why;
  for (const part of why)
    require(reasons.some(
      ({ code, text }) => code === part || text.includes(part),
    ), "why", part, actual.why.join("; "));
  if (expect.headers !== undefined) {
    const lines = isForward ? requestHeaders() : [];
    append(failures, missedHeaders("headers", expect.headers, lines, isForward ? undefined : words));
  }
  if (expect.responseHeaders !== undefined)
    append(failures, missedHeaders("responseHeaders", expect.responseHeaders, headersSentBack(outcome)));
  return failures;
}

function isService({ namespace, name, port }: ServicePattern, actual: Actual): boolean {
  if (actual.service === undefined) return false;
  const [ofNamespace, ofName] = actual.service.split("/");
  return (
    name === ofName &&
    (namespace === undefined || namespace === ofNamespace) &&
    (port === undefined || port === String(actual.port))
  );
}

function serviceInWords({ namespace, name, port }: ServicePattern): string {
  return `${namespace === undefined ? "" : `${namespace}/`}${name}${port === undefined ? "" : `:${port}`}`;
}

function portInWords({ port }: Actual, words: string): string {
  return port === undefined ? words : String(port);
}

function statusInWords({ decision, status }: Actual, words: string): string {
  return decision === "forward" ? `${words}, whose status counts as ${status}` : words;
}

function isNamed(name: string, actual: string | undefined): boolean {
  return actual !== undefined && (name === actual || actual.endsWith(`/${name}`));
}

function isRule(rule: string, { rule: found }: Actual): boolean {
  return found !== undefined && (rule === found.path || rule === `${found.host || "*"}${found.path}`);
}

function ruleInWords({ rule }: Actual): string {
  return rule === undefined ? "none" : `${rule.host || "*"}${rule.path}`;
}

/** Lines of one name are looked at one by one. */
function missedHeaders(
  key: string,
  expected: readonly HeaderExpectation[],
  lines: readonly HeaderLine[],
  instead?: string,
): readonly Failure[] {
  return expected.flatMap(([name, value]): readonly Failure[] => {
    const found = lines
      .filter(([other, text]) => other.toLowerCase() === name.toLowerCase() && text !== "")
      .map(([, text]) => bytesAsText(text));
    const isMet = value === null ? found.length === 0 : found.some((text) => isValue(value, text));
    if (isMet && instead === undefined) return [];
    const shown = found.length === 0 ? (instead ?? "absent") : found.join(", ");
    return [{ key: `${key} ${name}`, expected: value ?? "absent", actual: shown }];
  });
}

/** `…` stands for any part. Parts are looked for from left to right, so that no pattern takes long. */
function isValue(expected: string, actual: string): boolean {
  const [first = "", ...rest] = expected.split("…");
  if (rest.length === 0) return expected === actual;
  const last = rest.at(-1) ?? "";
  if (!actual.startsWith(first) || !actual.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = actual.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= actual.length - last.length;
}
