import type { Surroundings } from "../surroundings.ts";
import { githubTestForm } from "./forms/github.ts";
import { jsonTestForm } from "./forms/json.ts";
import { junitForm } from "./forms/junit.ts";
import { tapForm } from "./forms/tap.ts";
import { textTestForm } from "./forms/text.ts";
import type { TestReport } from "./report.ts";

type Form = (report: TestReport, surroundings: Surroundings) => readonly string[];

/** By the name that `-o` takes. */
const FORMS = {
  text: textTestForm,
  json: jsonTestForm,
  tap: tapForm,
  junit: junitForm,
  github: githubTestForm,
} satisfies Record<string, Form>;

export type TestForm = keyof typeof FORMS;

export const TEST_FORMS = Object.keys(FORMS) as readonly TestForm[];

/** The form for whoever names none. */
export function defaultTestForm({ GITHUB_ACTIONS }: Surroundings["env"]): TestForm {
  return GITHUB_ACTIONS === "true" ? "github" : "text";
}

export function testLines(form: TestForm, report: TestReport, surroundings: Surroundings): readonly string[] {
  const make: Form = FORMS[form];
  return make(report, surroundings);
}
