import type { IsLeft } from "../../convert/convert.ts";
import { repairText } from "../../convert/repair.ts";
import { readEditable } from "../../source/edit/editable.ts";
import { replaceFiles } from "../../source/edit/replace-file.ts";
import { type Flags, readConfig } from "../options/config.ts";
import { reportProblems } from "../report.ts";
import { chooseInputs } from "../routing/manifests.ts";
import { type Surroundings, withInput } from "../surroundings.ts";
import type { FixedProblem } from "./fixed.ts";
import { readIgnores } from "./ignore.ts";
import { SourceFile } from "./source-file.ts";

interface Fixed {
  readonly repairs: readonly FixedProblem[];
  /** Of the check that follows. Of standard input the repaired text is the output, and the report goes to standard error. */
  readonly surroundings: Surroundings;
}

/**
 * `check --fix`: repairs what is mechanical. All files are repaired before the first is written, and each is written whole
 * or not at all. What is ignored is left.
 */
export async function fixManifests(flags: Flags, surroundings: Surroundings): Promise<Fixed> {
  const { settings, manifestsFrom } = await readConfig(flags, surroundings.env, surroundings.cwd);
  const inputs = chooseInputs({ settings, manifestsFrom, warnings: [] });
  const sources = await readEditable(inputs.paths, surroundings.stdin);
  const files = await Promise.all(
    sources.map(async (source) => {
      const leftIn = (text: string) => ignoredIn(text, source.file, settings.ignore);
      return { source, repaired: await repairText(source.text, source.file, leftIn) };
    }),
  );
  await reportProblems(
    files.flatMap(({ repaired }) => repaired.problems),
    surroundings,
  );
  const changed = files.filter(({ repaired }) => repaired.repairs.length > 0);
  await replaceFiles(
    changed.flatMap(({ source: { file, target, bytes }, repaired: { text } }) =>
      target === undefined ? [] : [{ file, target, bytes, text }],
    ),
  );
  const repairs = changed.flatMap(({ source: { file }, repaired }) =>
    repaired.repairs.map((repair) => ({ file, ...repair })),
  );
  const piped = files.find(({ source }) => source.target === undefined);
  if (piped === undefined) return { repairs, surroundings };
  surroundings.stdout.write(piped.repaired.text);
  const after = withInput(Buffer.from(piped.repaired.text), surroundings);
  return { repairs, surroundings: { ...after, stdout: surroundings.stderr } };
}

/** As the check that follows ignores it. */
async function ignoredIn(text: string, file: string, codes: readonly string[]): Promise<IsLeft> {
  const ignores = await readIgnores(codes, new Map([[file, new SourceFile(text)]]));
  return (problem) => ignores.of(problem) !== undefined;
}
