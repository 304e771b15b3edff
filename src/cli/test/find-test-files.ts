import { relative } from "node:path";
import { UserError } from "../../errors.ts";
import { isTestFileName } from "../../expect/is-test-file.ts";
import { findFiles, readInputs } from "../../source/inputs.ts";

/**
 * The test files of files, folders and patterns; without any, those below the current folder.
 * @throws UserError `no-such-input`, or `no-test-files` if there is none
 */
export async function findTestFiles(named: readonly string[], cwd: string): Promise<readonly string[]> {
  if (named.includes("-"))
    throw new UserError(
      "bad-option",
      "test: a test file cannot be standard input.",
      "Manifests can: ingress-dev test -f -",
    );
  const found = await findFiles(
    await readInputs(named.length > 0 ? named : [relative(process.cwd(), cwd) || "."]),
  );
  const files = found.files.filter((file) => found.named.has(file) || isTestFileName(file));
  if (files.length > 0) return files;
  const where = named.length > 0 ? named.join(", ") : "the current folder or below it";
  throw new UserError("no-test-files", `There is no *.test.yaml in ${where}.`);
}
