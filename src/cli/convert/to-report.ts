import { printable } from "../../../ui/printable.ts";
import { ingressName } from "../../compile/problem.ts";
import { plainMade } from "../../convert/to/made.ts";
import type { InPlace } from "../../convert/to/target.ts";
import type { ConversionVerdict } from "../../convert/to/verdict.ts";
import { counted } from "../../counted.ts";
import type { Difference } from "../../diff/difference.ts";
import { requestInWords } from "../diff/report/request-text.ts";
import { behaviourInWords, furtherParts } from "../diff/report/side-in-words.ts";
import { causeInWords, requestCount } from "../diff/report/summary.ts";
import type { ConvertMode } from "./mode.ts";
import type { ConvertedTo } from "./to.ts";

/** `k8s/a.yaml:3  Ingress default/shop: HTTPRoute shop, SecurityPolicy shop` */
export function conversionLines({ converted, target }: ConvertedTo, mode: ConvertMode): readonly string[] {
  const count = counted(converted.size, "Ingress", "Ingresses");
  const { title = target.facts.name } = target.facts;
  if (converted.size === 0) return ["Nothing to convert."];
  const done = mode === "check" ? `${count} to convert` : `${count} converted`;
  return [...(mode === "print" ? [] : objectLines(converted)), `${done} to ${title}`];
}

function objectLines(converted: ConvertedTo["converted"]): readonly string[] {
  return [...converted].map(([ingress, made]) => {
    const { file } = ingress.origin;
    return printable(
      `${file}:${ingress.origin.line}  Ingress ${ingressName(ingress)}: ${namesOf(made).join(", ")}`,
    );
  });
}

function namesOf(made: InPlace): readonly string[] {
  if ("edits" in made) {
    const before = made.before.map(({ kind, metadata }) => `${kind} ${String(plainMade(metadata.name))}`);
    const count = counted(made.edits.length, "field", "fields");
    return [
      ...before,
      made.edits.length === 0 ? "the Ingress as it is" : `the Ingress with ${count} changed`,
    ];
  }
  return made.map(({ kind, metadata }) => `${kind} ${String(plainMade(metadata.name))}`);
}

/** Differing requests of one cause that are shown. */
const EXAMPLES = 3;

/** `412 requests compared: 380 the same; these differ:` and why. */
export function verdictLines({ verdicts, target }: ConvertedTo, all: boolean): readonly string[] {
  return verdicts.flatMap(({ from, verdict }) => {
    const { compared, differing, unnamed } = verdict;
    const sides = `${from} and ${target.facts.name}`;
    if (differing === 0) return [`${requestCount(compared)} compared (${sides}): all the same.`];
    return [
      `${requestCount(compared)} compared (${sides}): ${compared - differing} the same; these differ:`,
      ...saidLines(verdict),
      ...(unnamed.length === 0 ? ["Nothing else differs."] : unnamedLines(verdict, all)),
    ].map(printable);
  });
}

function saidLines({ known, general }: ConversionVerdict): readonly string[] {
  return [
    ...[...known].map(([{ ingress, field }, differences]) => {
      const place = `${ingress.origin.file}:${ingress.origin.lineOf(field)}`;
      return `  ${requestCount(differences.length)} by what is said of ${place}, as ${exampleOf(differences)}`;
    }),
    ...[...general].map(
      ([{ message }, differences]) =>
        `  ${requestCount(differences.length)}: ${message}, as ${exampleOf(differences)}`,
    ),
  ];
}

function exampleOf([first]: readonly Difference[]): string {
  return first === undefined ? "" : requestInWords(first);
}

function unnamedLines({ unnamed }: ConversionVerdict, isAll: boolean): readonly string[] {
  const count = unnamed.reduce((sum, { all }) => sum + all.length, 0);
  return [
    `  ${requestCount(count)} by nothing that is said above:`,
    ...unnamed.flatMap(({ cause, all }) => {
      const shown = isAll ? all : all.slice(0, EXAMPLES);
      return [
        `  ${causeInWords(cause)}  (${requestCount(all.length)})`,
        ...shown.flatMap((difference) => differenceLines(difference)),
        ...(shown.length < all.length
          ? [`    … and ${all.length - shown.length} more (--all prints them)`]
          : []),
      ];
    }),
  ];
}

function differenceLines(difference: Difference): readonly string[] {
  const { first, second } = difference;
  const side = (title: string, own: Difference["first"], other: Difference["first"]) =>
    `      ${title}  ${[behaviourInWords(own.behaviour), ...furtherParts(difference, own, other)].join("  ")}`;
  return [`    ${requestInWords(difference)}`, side("before", first, second), side("after ", second, first)];
}

/** The names of `-o json`. */
export function convertedJson(
  { files, converted, problems, verdicts, target }: ConvertedTo,
  mode: ConvertMode,
) {
  return {
    to: target.facts.name,
    files: files
      .filter(({ source, text }) => source.text !== text)
      .map(({ source, text }) => ({ file: source.file, text, written: mode === "write" })),
    converted: [...converted].map(([ingress, made]) => ({
      object: { kind: "Ingress", namespace: ingress.metadata.namespace, name: ingress.metadata.name },
      file: ingress.origin.file,
      line: ingress.origin.line,
      to: namesOf(made),
    })),
    problems,
    compared: verdicts.map(({ from, verdict }) => verdictJson(from, verdict)),
  };
}

function verdictJson(from: string, verdict: ConversionVerdict) {
  const { compared, differing, complete, incomplete, known, general, unnamed } = verdict;
  return {
    from,
    requests: compared,
    same: compared - differing,
    complete,
    incomplete: incomplete.length === 0 ? undefined : incomplete,
    known: [...known].map(([{ ingress, field }, all]) => ({
      file: ingress.origin.file,
      line: ingress.origin.lineOf(field),
      field,
      requests: all.map(requestInWords),
    })),
    general: [...general].map(([{ id, message }, all]) => ({
      id,
      message,
      requests: all.map(requestInWords),
    })),
    unnamed: unnamed.flatMap(({ cause, all }) =>
      all.map((difference) => ({
        request: requestInWords(difference),
        cause: causeInWords(cause),
        code: cause.code,
        differs: difference.aspects,
        before: behaviourInWords(difference.first.behaviour),
        after: behaviourInWords(difference.second.behaviour),
      })),
    ),
  };
}
