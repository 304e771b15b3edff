import { safeJson } from "../../ui/safe-json.ts";
import { type Converted, convertText, type ObjectChange } from "../convert/convert.ts";
import { parseHere } from "../convert/parse-here.ts";
import { TARGET_NAMES } from "../convert/to/target-names.ts";
import { counted } from "../counted.ts";
import { CODES, UserError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import { type EditableFile, readEditable } from "../source/edit/editable.ts";
import { type FileReplacement, replaceFiles } from "../source/edit/replace-file.ts";
import { changeLines, type FileChanges, objectCount } from "./convert/changes.ts";
import { joinedManifests } from "./convert/joined.ts";
import { type ConvertMode, modeOf } from "./convert/mode.ts";
import type { Flags } from "./options/config.ts";
import { oneOf } from "./options/values.ts";
import { reportProblems } from "./report.ts";
import { chooseInputs } from "./routing/manifests.ts";
import { settingsFor } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

interface ConvertedFile extends FileChanges {
  readonly source: EditableFile;
  readonly converted: Converted;
  readonly changes: readonly ObjectChange[];
}

/**
 * `convert`: old versions as `networking.k8s.io/v1`. All files are converted before the first is written or printed; a
 * document that cannot be read or converted leaves everything as it is. Exit status 1: there is one, or the API server
 * would refuse an object that was converted, or `--check` found something.
 */
export async function convertCommand(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { output, to, write, check, all, ...others } = flags;
  const form = output === undefined ? "text" : oneOf(["text", "json"])(output, "--output");
  const target = oneOf(["v1", ...TARGET_NAMES] as const)(to ?? "v1", "--to");
  const mode = modeOf(write === true, check === true);
  if (target !== "v1") {
    const { convertToCommand } = await import("./convert/to-command.ts");
    return convertToCommand(target, { form, mode, all: all === true }, others, surroundings);
  }
  if (all === true) throw new UserError("bad-option", "--all prints requests of --to a controller.");
  const files = await convertAll(others, surroundings, mode);
  const failed = files.flatMap(({ converted }) => converted.problems);
  const isFailed = failed.some(({ level }) => level === "error");
  const refused = isFailed ? [] : files.flatMap((file) => refusedProblems(file, mode));
  const changed = files.filter(({ changes }) => changes.length > 0);
  if (mode === "write" && !isFailed) await replaceFiles(changed.flatMap(replacementOf));
  const { stdout } = surroundings;
  const problems = [...failed, ...refused];
  if (form === "json") {
    const listed = changed.map(({ file, changes }) => ({
      file,
      changes: changes.map(({ object, line, what }) => ({ object, line, what })),
      written: mode === "write" && !isFailed,
    }));
    stdout.write(`${safeJson({ files: listed, problems })}\n`);
  } else {
    await reportProblems(problems, surroundings);
    if (!isFailed) stdout.write(mode === "print" ? printed(files) : summary(changed, mode));
  }
  const isWanted = mode === "check" && changed.length > 0;
  return isWanted || problems.some(({ level }) => level === "error") ? 1 : 0;
}

async function convertAll(
  flags: Flags,
  surroundings: Surroundings,
  mode: ConvertMode,
): Promise<readonly ConvertedFile[]> {
  const inputs = chooseInputs(await settingsFor(flags, surroundings));
  if (mode === "write" && inputs.paths.includes("-")) {
    throw new UserError("bad-option", "--write needs files: standard input has none to write to.");
  }
  const files = (await readEditable(inputs.paths, surroundings.stdin)).map((source): ConvertedFile => {
    const converted = convertText(source.text, source.file);
    return { source, converted, file: source.file, changes: converted.changes };
  });
  if (inputs.chosenBy === "the current folder" && !files.some(holdsIngress)) {
    throw new UserError(
      "no-manifests",
      "There are no manifests: the current folder holds no Ingress.",
      CODES["no-manifests"],
    );
  }
  return files;
}

function holdsIngress({ converted }: ConvertedFile): boolean {
  const { resources, problems } = converted.parsed;
  return (
    resources.some(({ kind }) => kind.startsWith("Ingress")) ||
    problems.some(({ object }) => object?.kind === "Ingress")
  );
}

/**
 * Errors of objects that are converted here, and of those that have the new version and the old fields. Their lines are those
 * of the converted text if it is written, else of the text before.
 */
function refusedProblems(
  { source, converted, changes }: ConvertedFile,
  mode: ConvertMode,
): readonly Problem[] {
  const isChanged = mode === "write" && changes.length > 0;
  const { problems } = isChanged ? parseHere(converted.text, source.file) : converted.parsed;
  return problems.flatMap((problem) => {
    const { level, object, message } = problem;
    if (level !== "error") return [];
    if (OLD_FIELD.test(message)) return [{ ...problem, fix: HALF_CONVERTED }];
    const isConverted = changes.some(
      ({ object: { kind, namespace, name } }) =>
        kind === object?.kind && namespace === object.namespace && name === object.name,
    );
    return isConverted ? [problem] : [];
  });
}

/** Somebody has changed the apiVersion alone. */
const OLD_FIELD =
  /^strict decoding error: .*unknown field "spec\.(?:rules\[.*\.)?backend(?:\.service(?:Name|Port))?"/;
const HALF_CONVERTED =
  "The apiVersion is the new one, and the fields are the old ones: ingress-dev check --fix writes them anew.";

function replacementOf({ source, converted }: ConvertedFile): readonly FileReplacement[] {
  const { file, target, bytes } = source;
  return target === undefined ? [] : [{ file, target, bytes, text: converted.text }];
}

/** Files that the user named, and those of folders that hold Kubernetes objects. */
function printed(files: readonly ConvertedFile[]): string {
  const shown = files.filter(({ source, converted }) => source.isNamed || holdsObjects(converted));
  return joinedManifests(shown.map(({ file, converted }) => ({ file, text: converted.text })));
}

function holdsObjects({ parsed: { resources, refused, passedOver } }: Converted): boolean {
  return resources.length + refused.length > 0 || [...passedOver.keys()].some((kind) => !kind.includes(" "));
}

function summary(files: readonly FileChanges[], mode: ConvertMode): string {
  const objects = objectCount(files);
  const where = counted(files.length, "file");
  const last =
    files.length === 0
      ? "Nothing to convert."
      : mode === "check"
        ? `${objects} to convert in ${where}`
        : `${objects} converted in ${where}`;
  return `${[...changeLines(files), last].join("\n")}\n`;
}
