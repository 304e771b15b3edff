import type { SampleRequest } from "../model/sample-request.ts";
import { headerIn, isHostLine } from "../request/header-line.ts";

/** Lower is simpler: what a person would try first. */
function effort({ method, headers, bodySize, client, chance, target }: SampleRequest): number {
  const others = headers.filter((line) => !isHostLine(line)).length;
  const told = [bodySize, client, chance].filter((said) => said !== undefined).length;
  const host = headerIn(headers, "host") ?? "";
  const isOdd = /[?%A-Z]|\/[./]/.test(host + target);
  return (method === "GET" ? 0 : 1) + others + told + (isOdd ? 1 : 0);
}

/** For `sort`: the simplest first. Of equal ones the shorter, then by text, so that runs agree. */
export function bySimplicity(a: SampleRequest, b: SampleRequest): number {
  const simpler = effort(a) - effort(b) || a.target.length - b.target.length;
  return simpler || compareTexts(textOf(a), textOf(b));
}

function textOf({ target, scheme, method, headers }: SampleRequest): string {
  return `${target} ${scheme} ${method} ${headers.join(" ")}`;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
