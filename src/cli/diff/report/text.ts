import { printable } from "../../../../ui/printable.ts";
import { type Colour, styled } from "../../../../ui/style.ts";
import type {
  Difference,
  DifferenceGroup,
  DifferenceReport,
  DifferenceSide,
} from "../../../diff/difference.ts";
import type { Reason } from "../../../model/reason.ts";
import { requestInWords } from "./request-text.ts";
import { furtherParts, placeInWords, possibleInWords, ruleInWords, whyBeside } from "./side-in-words.ts";
import { causeInWords, requestCount, summaryOf } from "./summary.ts";

/** Examples of a cause besides the first. */
const EXAMPLES = 3;

/** `all`: prints every request of a cause. */
export function differencesText(
  report: DifferenceReport,
  { colour, all }: { readonly colour: Colour; readonly all: boolean },
): readonly string[] {
  const causes = report.groups.flatMap((group) => [...causeLines(group, report, colour, all), ""]);
  return [...causes, ...summaryOf(report).map(printable)];
}

function causeLines(
  { cause, all: differences }: DifferenceGroup,
  { sides: [first, second] }: DifferenceReport,
  colour: Colour,
  all: boolean,
): readonly string[] {
  const [telling, ...others] = differences;
  const shown = all ? others : others.slice(0, EXAMPLES);
  const more = others.length - shown.length;
  const width = Math.max(first.length, second.length);
  const side = (title: string, own: DifferenceSide, other: DifferenceSide, red: "red" | "green") =>
    sideLines(telling, own, other).map((line, index) => {
      const label = index === 0 ? styled(title.padEnd(width), { colour: red }, colour) : " ".repeat(width);
      return `    ${label}  ${line}`;
    });
  return [
    `${bold(printable(causeInWords(cause)), colour)}  (${requestCount(differences.length)})`,
    `  ${printable(requestInWords(telling))}`,
    ...side(first, telling.first, telling.second, "red"),
    ...side(second, telling.second, telling.first, "green"),
    ...shown.map((difference) => `  ${printable(shortLine(difference))}`),
    ...(more > 0 ? [`  … and ${more} more (--all prints them)`] : []),
  ];
}

/** `GET http://shop.test/cart  redirect 308 https://shop.test/cart → respond 404` */
function shortLine(difference: Difference): string {
  const { first, second } = difference;
  const [before, after] = [possibleInWords(first), possibleInWords(second)];
  return `${requestInWords(difference)}  ${before === after ? before : `${before} → ${after}`}`;
}

function sideLines(difference: Difference, own: DifferenceSide, other: DifferenceSide): readonly string[] {
  const rule = [placeInWords(own), ruleInWords(own)].filter((part) => part !== "").join("  ");
  return [
    possibleInWords(own),
    ...furtherParts(difference, own, other),
    ...(rule === "" ? [] : [rule]),
    ...whyBeside(own).map(whyInWords),
  ].map(printable);
}

function bold(text: string, colour: Colour): string {
  return colour === "always" ? styled(text, { weight: "bold" }, colour) : text;
}

/** With the place of the annotation that a reason is of. */
function whyInWords({ text, at }: Reason): string {
  return at === undefined || at.line === 0 ? text : `${text} (${at.file}:${at.line})`;
}
