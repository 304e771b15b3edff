import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { printable } from "../../../ui/printable.ts";
import { byLevel, sentence } from "../../../ui/problems.ts";
import { safeJson } from "../../../ui/safe-json.ts";
import { CODES } from "../../errors.ts";
import type { Problem, ProblemLevel } from "../../model/problem.ts";
import { STDIN_NAME } from "../../source/stdin.ts";
import { repositoryPath } from "../forms/repository-path.ts";
import { isCode } from "../options/codes.ts";
import type { Surroundings } from "../surroundings.ts";
import { plainWords, readCodePages } from "./code-pages.ts";
import type { CheckReport, IgnoredProblem, PlacedProblem } from "./report.ts";

/** GitHub shows so many results of a run. https://docs.github.com/code-security: "SARIF support for code scanning" */
const MOST = 5_000;

const LEVELS: Record<ProblemLevel, string> = { error: "error", warning: "warning", notice: "note" };

interface Result {
  readonly placed: PlacedProblem;
  readonly suppressions: readonly object[];
}

/** SARIF 2.1.0, as code scanning takes it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export async function sarifForm(report: CheckReport, surroundings: Surroundings): Promise<readonly string[]> {
  const found = [
    ...report.problems.map((placed): Result => ({ placed, suppressions: [] })),
    ...report.ignored.map((one): Result => ({ placed: one, suppressions: [suppressionOf(one)] })),
  ];
  const kept = byLevel(found.map((one) => ({ ...one, level: one.placed.problem.level }))).slice(0, MOST);
  const codes = [...new Set(kept.map(({ placed }) => placed.problem.code))].toSorted();
  const fingerprint = createFingerprints(surroundings);
  const results = kept.map(({ placed, suppressions }) => ({
    ...resultOf(placed, codes.indexOf(placed.problem.code), surroundings),
    partialFingerprints: { primaryLocationLineHash: fingerprint(placed) },
    suppressions,
  }));
  const run = {
    tool: {
      driver: { name: "ingress-dev", semanticVersion: surroundings.version, rules: await rulesOf(codes) },
    },
    invocations: [
      { executionSuccessful: true, toolExecutionNotifications: leftOut(found.length - kept.length) },
    ],
    columnKind: "utf16CodeUnits",
    results,
  };
  return [
    safeJson({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }),
  ];
}

function leftOut(more: number): readonly object[] {
  if (more === 0) return [];
  return [
    { level: "warning", message: { text: `${more} more problems are left out: ${MOST} are the most.` } },
  ];
}

async function rulesOf(codes: readonly string[]): Promise<readonly object[]> {
  const pages = await readCodePages();
  return codes.map((code) => {
    const fix = isCode(code) ? CODES[code] : "";
    const meaning = plainWords(pages.get(code)?.meaning ?? "").trim() || fix;
    return {
      id: code,
      shortDescription: { text: /^[\s\S]*?\.(?=\s|$)/.exec(meaning)?.[0] ?? meaning },
      fullDescription: { text: meaning },
      help: { text: `${meaning}\n\nNext step: ${fix}` },
    };
  });
}

function resultOf(
  { problem, columns }: PlacedProblem,
  ruleIndex: number,
  surroundings: Surroundings,
): object {
  const { code, level, line, fix } = problem;
  const uri = uriOf(problem, surroundings);
  const region = line && {
    startLine: line,
    ...(columns && { startColumn: columns.from + 1, endColumn: columns.to + 1 }),
  };
  const artifactLocation = { uri };
  const physicalLocation = { artifactLocation, ...(region && { region }) };
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[level],
    message: { text: `${sentence(problem)}\n${fix.split("\n").map(printable).join("\n")}` },
    locations: uri === undefined ? [] : [{ physicalLocation }],
  };
}

/** From the repository's root on; a file elsewhere as a whole. None for standard input and a cluster. */
function uriOf({ file }: Problem, surroundings: Surroundings): string | undefined {
  if (file === undefined || file === STDIN_NAME) return undefined;
  const path = repositoryPath(file, surroundings);
  if (path === undefined) return pathToFileURL(resolve(surroundings.cwd, file)).href;
  return path.split("/").map(encodeURIComponent).join("/");
}

function suppressionOf({ ignored: { by, reason } }: IgnoredProblem): object {
  return {
    kind: by === "--ignore" ? "external" : "inSource",
    status: "accepted",
    ...(reason === "" ? {} : { justification: printable(reason) }),
  };
}

/**
 * The same for a problem while lines are added above it: of code, file, object and field, or of the line's text. Equal ones
 * are counted.
 */
function createFingerprints(surroundings: Surroundings): (placed: PlacedProblem) => string {
  const counts = new Map<string, number>();
  return ({ problem, source }) => {
    const { code, object, field, message } = problem;
    const text = object === undefined ? (source?.trim() ?? message) : "";
    const parts = [
      code,
      uriOf(problem, surroundings),
      object?.kind,
      object?.namespace,
      object?.name,
      field,
      text,
    ];
    const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  };
}
