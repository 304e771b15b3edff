import { closest } from "../../closest.ts";
import { UserError } from "../../errors.ts";
import { VARIABLE_NAME, type Variables } from "../../expect/variables.ts";
import { chosenForm, type Form } from "../forms/choose.ts";
import type { Flags } from "../options/config.ts";
import { text } from "../options/values.ts";
import type { Surroundings } from "../surroundings.ts";
import { TEST_FORMS } from "./forms.ts";
import type { TestReport } from "./report.ts";

export interface TestOptions {
  readonly form: Form<TestReport>;
  readonly variables: Variables;
  /** default: every test */
  readonly filter: string | undefined;
  /** The least percentage; `undefined`: coverage is not looked at. */
  readonly coverage: number | undefined;
  readonly isWatching: boolean;
  /** Options that tests share with other commands. */
  readonly shared: Flags;
}

/** @throws UserError `bad-option` */
export function readTestOptions(flags: Flags, { env }: Pick<Surroundings, "env">): TestOptions {
  const { output, variable, filter, coverage, coverageMin, watch, init: _, ...shared } = flags;
  return {
    form: chosenForm(TEST_FORMS, output, env),
    variables: readVariables(Array.isArray(variable) ? variable : []),
    filter: filter === undefined ? undefined : text(filter, "--filter"),
    coverage: coverageMin === undefined ? (coverage === true ? 0 : undefined) : percentage(coverageMin),
    isWatching: watch === true,
    shared,
  };
}

function readVariables(given: readonly unknown[]): Variables {
  const variables = new Map<string, string>();
  for (const each of given.map(String)) {
    const at = each.indexOf("=");
    const name = each.slice(0, Math.max(0, at));
    if (!VARIABLE_NAME.test(name))
      throw new UserError("bad-option", `--variable: "${each}" is not of the form NAME=VALUE.`);
    variables.set(name, each.slice(at + 1));
  }
  return variables;
}

function percentage(raw: unknown): number {
  const given = String(raw).replace(/%$/, "");
  if (/^\d{1,3}(?:\.\d+)?$/.test(given) && Number(given) <= 100) return Number(given);
  throw new UserError("bad-option", `--coverage-min: "${String(raw)}" is not a percentage from 0 to 100.`);
}

/** @throws UserError for a variable that no file declares */
export function requireDeclared(variables: Variables, declared: ReadonlySet<string>): void {
  for (const name of variables.keys()) {
    if (declared.has(name)) continue;
    const meant = closest(name, declared);
    throw new UserError(
      "bad-option",
      `--variable: no test file has a variable "${name}".`,
      meant === undefined ? "Declare it under variables: in the test file." : `Did you mean ${meant}?`,
    );
  }
}
