import { append } from "../../append.ts";
import { CONTROLLERS } from "../../compile/controllers.ts";
import { commentsOfGone, replacedText, type Unreplaced } from "../../convert/to/replace.ts";
import { type IngressSource, sourcesOf } from "../../convert/to/sources.ts";
import type { Conversion, ConvertTarget } from "../../convert/to/target.ts";
import type { ConversionVerdict } from "../../convert/to/verdict.ts";
import { DEFAULT_NAMESPACE } from "../../manifest/report.ts";
import type { Problem } from "../../model/problem.ts";
import type { Resource } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { EditableFile } from "../../source/edit/editable.ts";
import type { Reading } from "../../source/files.ts";
import { readTexts } from "../../source/texts.ts";
import { compileOptionsOf } from "../options/compile-options.ts";
import type { Flags } from "../options/config.ts";
import { type Routing, readRoutings } from "../routing.ts";
import type { Surroundings } from "../surroundings.ts";
import { convertedReading, provedBy, refusedOf } from "./proof.ts";
import { alreadyProblem, changeProblems, faultyProblem, leftProblem } from "./to-problems.ts";

/** A file after the conversion. */
interface TargetFile {
  readonly source: EditableFile;
  readonly text: string;
}

/** All that `convert --to` a controller comes to. */
export interface ConvertedTo {
  readonly target: ConvertTarget;
  readonly files: readonly TargetFile[];
  /** Those that were converted, with what stands in their place. */
  readonly converted: Conversion["made"];
  readonly problems: readonly Problem[];
  /** Ingresses of all controllers, faulty ones included. */
  readonly found: number;
  /** True for a file of a folder that holds objects. */
  readonly isShown: (file: string) => boolean;
  /** One for each controller that Ingresses are converted from. */
  readonly verdicts: readonly { readonly from: string; readonly verdict: ConversionVerdict }[];
}

/** Converts Ingresses to the objects of another controller, and compares what requests come to before and after. */
export async function convertedTo(
  target: ConvertTarget,
  files: readonly EditableFile[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ConvertedTo> {
  const reading = await readTexts(
    "the manifests",
    files.map(({ file, bytes }) => ({ name: file, bytes })),
    DEFAULT_NAMESPACE,
  );
  const before = await readRoutings(flags, surroundings, async () => reading, { ports: "same" });
  try {
    const sides = before.all.filter(({ settings }) => readsIngresses(settings.controller));
    const own = sides.filter(({ settings }) => settings.controller === target.facts.name);
    const others = sides.filter((side) => !own.includes(side));
    const already = own.flatMap((side) => sourcesOfSide(side, reading).sources);
    const found = others.map((side) => ({ side, ...sourcesOfSide(side, reading) }));
    const whole = convertedText(target, files, reading, found);
    /** Refusals of the new objects by the API server; lines are those of the text after. */
    const ofMade: Problem[] = [];
    const verdicts: { from: string; verdict: ConversionVerdict }[] = [];
    for (const each of found) {
      if (each.sources.length === 0) continue;
      const alone = found.length === 1 ? whole : convertedText(target, files, reading, [each]);
      const { verdict, refused } = await provedBy(target, each, withFaulty(alone, each.faulty), {
        flags,
        surroundings,
      });
      verdicts.push({ from: each.side.settings.controller, verdict });
      if (alone === whole) append(ofMade, refused);
    }
    // A conversion of one controller's Ingresses alone has other lines.
    if (found.length > 1) append(ofMade, refusedOf(target, await convertedReading(whole)));
    const shownFiles = new Set(filesWithObjects(reading.snapshot));
    return {
      target,
      files: whole.files,
      converted: whole.conversion.made,
      found: reading.snapshot.ingresses.length + reading.problems.filter(isOfIngress).length,
      isShown: (file) => shownFiles.has(file),
      problems: [
        ...reading.problems.filter(({ level }) => level === "error"),
        ...found.flatMap(({ faulty }) => faulty.map(({ ingress, why }) => faultyProblem(ingress, why))),
        ...already.map(({ ingress }) => alreadyProblem(ingress, target.facts)),
        ...ofMade,
        ...whole.unreplaced.map(({ ingress, why }) => leftProblem(ingress, undefined, why)),
        ...whole.conversion.left.map(({ ingress, field, why }) => leftProblem(ingress, field, why)),
        ...whole.conversion.changes.flatMap((change) => changeProblems(change, verdicts)),
      ],
      verdicts,
    };
  } finally {
    await before.close();
  }
}

function isOfIngress({ object }: Problem): boolean {
  return object?.kind === "Ingress";
}

function* filesWithObjects(snapshot: Snapshot): Iterable<string> {
  for (const objects of Object.values(snapshot) as readonly (readonly Resource[])[])
    for (const { origin } of objects) yield origin.file;
}

function readsIngresses(name: string): boolean {
  return CONTROLLERS.some((facts) => facts.name === name && !("ingresses" in facts));
}

function sourcesOfSide({ settings, compiled }: Routing, { snapshot }: Reading) {
  return sourcesOf(snapshot, compileOptionsOf(settings, "partial"), compiled);
}

/** A controller's side before, and its Ingresses. */
export interface ConvertedSide {
  readonly side: Routing;
  readonly sources: readonly IngressSource[];
}

export interface WholeConversion {
  readonly conversion: Conversion;
  readonly files: readonly TargetFile[];
  readonly unreplaced: readonly Unreplaced[];
}

/** Faulty Ingresses stay as well. */
function withFaulty(whole: WholeConversion, faulty: readonly Unreplaced[]): WholeConversion {
  return { ...whole, unreplaced: [...whole.unreplaced, ...faulty] };
}

function convertedText(
  target: ConvertTarget,
  files: readonly EditableFile[],
  { snapshot }: Reading,
  found: readonly ConvertedSide[],
): WholeConversion {
  const conversion = target.convert(
    found.flatMap(({ sources }) => sources),
    { snapshot, tables: found.map(({ side }) => side.table) },
  );
  const unreplaced: Unreplaced[] = [];
  const ofGone = commentsOfGone(files, conversion.made);
  const texts = files.map((source): TargetFile => {
    const replaced = replacedText(source.text, source.file, conversion.made, ofGone);
    append(unreplaced, replaced.unreplaced);
    return { source, text: replaced.text };
  });
  return { conversion, files: texts, unreplaced };
}
