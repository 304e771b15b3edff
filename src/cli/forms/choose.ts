import { oneOf } from "../options/values.ts";
import type { Surroundings } from "../surroundings.ts";

/** Writes a report as lines. */
export type Form<Report> = (
  report: Report,
  surroundings: Surroundings,
) => readonly string[] | Promise<readonly string[]>;

/**
 * The form that `-o` names. default: GitHub's in its workflows, else text
 * @throws UserError `bad-option`
 */
export function chosenForm<Report, Name extends string>(
  forms: Readonly<Record<Name | "text" | "github", Form<Report>>>,
  output: unknown,
  { GITHUB_ACTIONS }: Surroundings["env"],
): Form<Report> {
  if (output === undefined) return GITHUB_ACTIONS === "true" ? forms.github : forms.text;
  return forms[oneOf(Object.keys(forms) as Name[])(output, "--output")];
}
