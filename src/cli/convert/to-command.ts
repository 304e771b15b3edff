import { safeJson } from "../../../ui/safe-json.ts";
import type { TargetName } from "../../convert/to/target-names.ts";
import { TARGETS } from "../../convert/to/targets.ts";
import { CODES, UserError } from "../../errors.ts";
import { type EditableFile, readEditable } from "../../source/edit/editable.ts";
import { replaceFiles } from "../../source/edit/replace-file.ts";
import type { Flags } from "../options/config.ts";
import { reportProblems } from "../report.ts";
import { chooseInputs } from "../routing/manifests.ts";
import { settingsFor } from "../routing.ts";
import type { ExitCode, Surroundings } from "../surroundings.ts";
import { joinedManifests } from "./joined.ts";
import type { ConvertMode } from "./mode.ts";
import { type ConvertedTo, convertedTo } from "./to.ts";
import { conversionLines, convertedJson, verdictLines } from "./to-report.ts";

interface Asked {
  readonly form: "text" | "json";
  readonly mode: ConvertMode;
  /** Prints every request that differs. */
  readonly all: boolean;
}

/**
 * `convert --to CONTROLLER`: other objects in the place of Ingresses, and what requests come to before and after. Exit
 * status 1: an Ingress is left as it is, or a request differs by nothing that was said, or `--check` found an Ingress.
 */
export async function convertToCommand(
  name: TargetName,
  asked: Asked,
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const inputs = chooseInputs(await settingsFor(flags, surroundings));
  if (asked.mode === "write" && inputs.paths.includes("-"))
    throw new UserError("bad-option", "--write needs files: standard input has none to write to.");
  const files = await readEditable(inputs.paths, surroundings.stdin);
  const result = await convertedTo(TARGETS[name], files, flags, surroundings);
  if (inputs.chosenBy === "the current folder" && result.found === 0)
    throw new UserError(
      "no-manifests",
      "There are no manifests: the current folder holds no Ingress.",
      CODES["no-manifests"],
    );
  if (asked.mode === "write") await replaceFiles(result.files.flatMap(replacementOf));
  await print(result, asked, surroundings);
  const isWanted = asked.mode === "check" && result.converted.size > 0;
  const isUnnamed = result.verdicts.some(({ verdict }) => verdict.unnamed.length > 0);
  return isWanted || isUnnamed || result.problems.some(({ level }) => level === "error") ? 1 : 0;
}

async function print(result: ConvertedTo, asked: Asked, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr } = surroundings;
  if (asked.form === "json") {
    stdout.write(`${safeJson(convertedJson(result, asked.mode))}\n`);
    return;
  }
  await reportProblems(result.problems, surroundings);
  // Printed manifests go to a file or to kubectl: what is said of them goes beside them.
  const beside = asked.mode === "print" ? stderr : stdout;
  if (asked.mode === "print") stdout.write(printed(result));
  beside.write(
    `${[...conversionLines(result, asked.mode), ...verdictLines(result, asked.all)].join("\n")}\n`,
  );
}

function printed({ files, isShown }: ConvertedTo): string {
  const shown = files.filter(({ source }) => source.isNamed || isShown(source.file));
  return joinedManifests(shown.map(({ source, text }) => ({ file: source.file, text })));
}

function replacementOf({ source, text }: { readonly source: EditableFile; readonly text: string }) {
  const { file, target, bytes } = source;
  return target === undefined || text === source.text ? [] : [{ file, target, bytes, text }];
}
