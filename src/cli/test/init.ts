import { existsSync } from "node:fs";
import { lstat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { printable } from "../../../ui/printable.ts";
import { counted } from "../../counted.ts";
import { UserError } from "../../errors.ts";
import { isTestFileName } from "../../expect/is-test-file.ts";
import { TEST_OPTION_KEYS, type TestOptionKey } from "../../expect/keys.ts";
import { writtenTestFile } from "../../expect/write-test-file.ts";
import { isGlob } from "../../source/glob.ts";
import type { Flags } from "../options/config.ts";
import { hostAsked } from "../predict.ts";
import { pick } from "../routing/pick.ts";
import { type Routings, readRoutings } from "../routing.ts";
import type { ExitCode, Surroundings } from "../surroundings.ts";
import { type Representatives, representativesOf } from "./init/representatives.ts";
import { coveredRuleInWords, placeOfRule } from "./report.ts";
import { PRODUCTION_PORTS, targetOf } from "./targets.ts";

const DEFAULT_FILE = "ingress.test.yaml";
const SCHEMA = "node_modules/ingress-dev/schema/test-file.schema.json";

/**
 * `test --init [FILE.test.yaml] [PATH…]`: writes a test file that holds what the manifests do today. Never overwrites.
 * @throws UserError `test-file-exists`
 */
export async function initTestFile(
  words: readonly string[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const [named, ...others] = words.filter(isTestFileName);
  if (others[0] !== undefined)
    throw new UserError("bad-option", `test --init: ${others[0]} is a second file to write; name one.`);
  const { stdout, cwd } = surroundings;
  const file = named ?? (relative(process.cwd(), join(cwd, DEFAULT_FILE)) || DEFAULT_FILE);
  const paths = [
    ...words.filter((word) => !isTestFileName(word)),
    ...(Array.isArray(flags.filename) ? flags.filename.map(String) : []),
  ];
  if (paths.includes("-"))
    throw new UserError(
      "bad-option",
      "test --init: a test file names its manifests, and standard input has no name.",
      "Write the manifests to a file first: helm template . > manifests.yaml",
    );
  await refuseExisting(file);
  const given = paths.length === 0 ? flags : { ...flags, filename: paths };
  const { all, close } = await readRoutings({ ...given, ...PRODUCTION_PORTS }, surroundings, "manifests", {
    ports: "same",
  });
  const found = representativesOfAll(all);
  await close();
  const [routing] = all;
  requireFound(found, routing.reading.description);
  const text = writtenTestFile({
    schema: schemaFor(file, cwd),
    manifests: relativeTo(file, routing.settings.filename ?? ["."]),
    options: optionsIn(flags),
    tests: found.found.map(({ rule, ...test }) => ({
      ...test,
      name: rule.ingress.replace(/^default\//, ""),
    })),
  });
  await writeNew(file, text);
  stdout.write(`${toldLines(file, found).join("\n")}\n`);
  return 0;
}

/** Of each controller's rules; one whose requests all go to another controller is missed. */
function representativesOfAll(all: Routings["all"]): Representatives {
  const each = all.map((routing): Representatives => {
    const { found, missed } = representativesOf(targetOf(routing));
    const own = found.filter(({ request }) => pick(all, hostAsked(request)) === routing);
    const reached = new Set(own.map(({ rule }) => rule));
    const lost = new Set(found.map(({ rule }) => rule).filter((rule) => !reached.has(rule)));
    return { found: own, missed: [...missed, ...lost] };
  });
  return { found: each.flatMap(({ found }) => found), missed: each.flatMap(({ missed }) => missed) };
}

async function refuseExisting(file: string): Promise<void> {
  if (
    await lstat(file).then(
      () => true,
      () => false,
    )
  )
    throw exists(file);
}

function exists(file: string): UserError {
  return new UserError("test-file-exists", `${file} exists, and is left as it is.`);
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw exists(file);
    throw new UserError(
      "unreadable-file",
      `${file} cannot be written: ${message}.`,
      "Name a file in a folder that you can write to.",
    );
  }
}

function requireFound({ found, missed }: Representatives, description: string): void {
  if (found.length > 0) return;
  const [first] = missed;
  const why = first === undefined ? "no rule is served" : `no request reaches ${coveredRuleInWords(first)}`;
  throw new UserError(
    "no-manifests",
    `${description}: there is nothing to test, ${why}.`,
    "See what is wrong with the manifests: ingress-dev check",
  );
}

/** From the folder of the test file on; none for that folder itself. */
function relativeTo(file: string, paths: readonly string[]): readonly string[] {
  const folder = dirname(resolve(file));
  const ways = paths.map((path) => relative(folder, resolve(path)).split(sep).join("/") || ".");
  return ways.length === 1 && ways[0] === "." ? [] : ways;
}

/** In the nearest `node_modules` that has the package; without one, where `npm install` would put it. */
function schemaFor(file: string, cwd: string): string {
  const start = dirname(resolve(file));
  for (let folder = start; ; folder = dirname(folder)) {
    const isLast = folder === dirname(folder);
    if (existsSync(join(folder, "node_modules/ingress-dev")))
      return relative(start, join(folder, SCHEMA)).split(sep).join("/");
    if (isLast) return relative(start, join(cwd, SCHEMA)).split(sep).join("/");
  }
}

/** Options of this command line become keys of the file. */
function optionsIn(flags: Flags): ReadonlyMap<TestOptionKey, unknown> {
  return new Map(
    TEST_OPTION_KEYS.flatMap((key) => {
      const value = key === "noEcho" ? (flags.echo === false ? true : undefined) : flags[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

function toldLines(file: string, { found, missed }: Representatives): readonly string[] {
  const shown = printable(isGlob(file) || /\s/.test(file) ? `'${file}'` : file);
  return [
    `${printable(file)}: ${counted(found.length, "request", "requests")} and what comes of each today`,
    ...missed.map(
      (rule) => `  no request found for ${printable(`${coveredRuleInWords(rule)}  ${placeOfRule(rule)}`)}`,
    ),
    `Read them, correct what is not meant, and run: ingress-dev test ${shown}`,
  ];
}
