import { UserError } from "../../errors.ts";
import { actualOf } from "../../expect/actual.ts";
import { createCoverage } from "../../expect/coverage.ts";
import { judgeTest } from "../../expect/judge.ts";
import type { RequestTest, TestDocument, TestRequest } from "../../expect/test-file.ts";
import type { Outcome } from "../../match/outcome.ts";
import type { HeaderLine } from "../../model/decision.ts";
import type { Plane } from "../../model/plane.ts";
import type { Problem } from "../../model/problem.ts";
import { hopOf } from "../../request/hop.ts";
import { planeFor } from "../../select/table.ts";
import { explainText } from "../explain/print-explain.ts";
import { hostAsked } from "../predict.ts";
import { pick } from "../routing/pick.ts";
import type { TestOptions } from "./options.ts";
import { type TestReport, type TestResult, titleOf } from "./report.ts";
import type { ShownTargets, TestTarget, TestTargets } from "./targets.ts";

/** Asks every request of the documents. */
export async function runTests(
  documents: readonly TestDocument[],
  targets: TestTargets,
  { filter, coverage: least }: Pick<TestOptions, "filter" | "coverage">,
): Promise<TestReport> {
  const coverage = createCoverage();
  const results: TestResult[] = [];
  const known = new Set<ShownTargets>();
  for (const document of documents) {
    const targeted = await targets.of(document);
    if (!known.has(targeted)) for (const { table, placeOf } of targeted.all) coverage.add(table, placeOf);
    known.add(targeted);
    for (const test of document.tests) {
      if (filter !== undefined && !isListed(test, filter)) continue;
      const target = pick(targeted.all, hostAsked(test.request));
      const { outcome, result } = await runTest(test, document.file, target);
      coverage.reach(outcome);
      results.push(result);
    }
  }
  return {
    results,
    coverage: least === undefined ? undefined : { ...coverage.report(), least },
    errors: distinct([...known].flatMap(({ errors }) => errors)),
  };
}

function isListed({ name, request }: RequestTest, filter: string): boolean {
  return titleOf({ name, request: requestInWords(request) })
    .toLowerCase()
    .includes(filter.toLowerCase());
}

async function runTest(
  { name, request, expect, line }: RequestTest,
  file: string,
  { predictor, table, answer }: TestTarget,
): Promise<{ readonly outcome: Outcome; readonly result: TestResult }> {
  const asked = { ...predictor.sample(request), chance: request.chance };
  // Comparing passwords takes a thousand times as long as all else.
  const hasPassword = request.headers.some(([header]) => header.toLowerCase() === "authorization");
  const outcome = hasPassword ? await predictor.answer(asked) : predictor.outcome(asked);
  const failures = judgeTest(expect, outcome, () => receivedHeaders(planeFor(table, outcome.facts), outcome));
  const explained = failures.length === 0 ? [] : await inWords();
  const result = { file, line, name, request: requestInWords(request), actual: actualOf(outcome) };
  return { outcome, result: { ...result, failures, explained } };

  async function inWords(): Promise<readonly string[]> {
    const found = await answer(asked);
    // The headers that are set make a long list.
    const headers = expect.headers === undefined ? {} : found.headers;
    // Its first line is the request, its second is empty.
    return explainText({ ...found, headers }).slice(2);
  }
}

const REQUEST_ID = "<32 hexadecimal digits>";

/** All that the backend receives: those set on the way, and the client's. */
function receivedHeaders(plane: Plane, { facts, decision }: Outcome): readonly HeaderLine[] {
  if (decision.kind !== "forward") return [];
  const read = facts.head ?? plane.readHeaders([]);
  const requestId = read.requestId === "" ? REQUEST_ID : read.requestId;
  const lines = plane.requestHeaders(read, hopOf(facts, requestId, decision.route.transport), "", decision);
  return lines.flatMap((name, i) => (i % 2 === 0 ? [[name, lines[i + 1] ?? ""] as const] : []));
}

/** Secrets of clients: they belong in no log of a build. */
const HIDDEN = new Set(["authorization", "cookie"]);

/** `GET http://shop.test/ (X-Canary: always)` */
function requestInWords({ method, url, headers, bodySize, client, chance }: TestRequest): string {
  const more = [
    ...headers.map(([name, value]) => `${name}: ${HIDDEN.has(name.toLowerCase()) ? "…" : value}`),
    ...(bodySize === undefined ? [] : [`body of ${bodySize} bytes`]),
    ...(client === undefined ? [] : [`from ${client}`]),
    ...(chance === undefined ? [] : [`chance ${chance}`]),
  ];
  return `${method} ${url}${more.length === 0 ? "" : ` (${more.join(", ")})`}`;
}

/** Several targets may read one file. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem] as const));
  return [...seen.values()];
}

/** @throws UserError if a filter leaves no test: a run that could not fail */
export function requireListed(
  documents: readonly TestDocument[],
  { filter }: Pick<TestOptions, "filter">,
): void {
  if (filter === undefined || documents.some(({ tests }) => tests.some((test) => isListed(test, filter))))
    return;
  throw new UserError("bad-option", `--filter: no test's name or request contains "${filter}".`);
}
