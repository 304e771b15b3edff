import { dirname, isAbsolute, join } from "node:path";
import { CODES, UserError } from "../../errors.ts";
import { readTestFile } from "../../expect/read-test-file.ts";
import type { TestDocument } from "../../expect/test-file.ts";
import type { Variables } from "../../expect/variables.ts";
import { readTextFile } from "../../source/read-file.ts";
import { unreadFile } from "../../source/unread.ts";
import type { Flags } from "../options/config.ts";
import { OPTIONS, variableOf } from "../options.ts";
import { readRequestUrl } from "../predict/request-url.ts";
import type { Surroundings } from "../surroundings.ts";
import { requireDeclared } from "./options.ts";

/** Longer than any set of tests. unit: chars */
const LONGEST = 4 * 1024 * 1024;
const HTTPS = 443;

/**
 * Reads test files, each with all that it says judged, so that a mistake is told before any test runs.
 * @throws UserError for the first mistake, with file and line
 */
export async function readTestFiles(
  files: readonly string[],
  variables: Variables,
): Promise<readonly TestDocument[]> {
  const documents: TestDocument[] = [];
  const declared = new Set<string>();
  for (const file of files) {
    const text = await textOfFile(file);
    const read = readTestFile(text, file, variables);
    for (const name of read.declared) declared.add(name);
    for (const document of read.documents) {
      checkDocument(document);
      documents.push(document);
    }
  }
  requireDeclared(variables, declared);
  return documents;
}

async function textOfFile(file: string): Promise<string> {
  const read = await readTextFile(file);
  if (read.kind !== "text") throw unreadFile(file, read);
  if (read.text.length <= LONGEST) return read.text;
  throw new UserError(
    "bad-test-file",
    `${file}: the file has ${read.text.length} characters; the limit is ${LONGEST}.`,
    "Split the file.",
  );
}

function checkDocument({ file, options, tests }: TestDocument): void {
  for (const [key, { value, line }] of options)
    placed(`${file}:${line}`, () => OPTIONS[key].read(value, key), CODES["bad-test-file"]);
  for (const { request, line } of tests) placed(`${file}:${line}`, () => readRequestUrl(request.url, HTTPS));
}

/** Runs something; its error gets the place in a test file. */
function placed(place: string, run: () => unknown, fix?: string): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      "bad-test-file",
      `${place}: ${error.message}`,
      fix ?? "Write it as for curl: http://shop.test/cart",
    );
  }
}

/** Manifests as paths from the current folder on. */
export function manifestsOf({ file, manifests }: TestDocument): readonly string[] {
  const folder = dirname(file);
  if (manifests === undefined) return [folder];
  if (manifests.value.includes("-"))
    throw new UserError(
      "bad-test-file",
      `${file}:${manifests.line}: manifests: standard input is not read from here.`,
      "Leave it out, and say so on the command line: ingress-dev test -f -",
    );
  return manifests.value.map((path) => (isAbsolute(path) ? path : join(folder, path)));
}

/** A document's options as flags. Flags of the command line and variables of the environment win. */
export function flagsOf({ options }: TestDocument, given: Flags, { env }: Pick<Surroundings, "env">): Flags {
  const flags: Record<string, unknown> = {};
  for (const [key, { value }] of options) {
    if ((env[variableOf(key)] ?? "") !== "") continue;
    // Commander has `--no-echo` as `echo`.
    if (key === "noEcho") flags.echo = value !== true;
    else flags[key] = value;
  }
  const named = Object.entries(given).filter(([key, value]) => key !== "echo" || value === false);
  return { ...flags, ...Object.fromEntries(named) };
}
