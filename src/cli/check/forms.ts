import type { Surroundings } from "../surroundings.ts";
import { githubForm } from "./github.ts";
import { jsonForm } from "./json.ts";
import type { CheckReport } from "./report.ts";
import { sarifForm } from "./sarif.ts";
import { textForm } from "./text.ts";

/** The lines of a report. */
type Form = (
  report: CheckReport,
  surroundings: Surroundings,
) => readonly string[] | Promise<readonly string[]>;

/** By the name that `-o` takes. */
const FORMS = {
  text: textForm,
  json: jsonForm,
  github: githubForm,
  sarif: sarifForm,
} satisfies Record<string, Form>;

export type CheckForm = keyof typeof FORMS;

export const CHECK_FORMS = Object.keys(FORMS) as readonly CheckForm[];

/** The form for whoever names none. */
export function defaultForm({ GITHUB_ACTIONS }: Surroundings["env"]): CheckForm {
  return GITHUB_ACTIONS === "true" ? "github" : "text";
}

export async function linesOf(
  form: CheckForm,
  report: CheckReport,
  surroundings: Surroundings,
): Promise<readonly string[]> {
  const make: Form = FORMS[form];
  return make(report, surroundings);
}
