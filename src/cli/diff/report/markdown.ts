import { printable } from "../../../../ui/printable.ts";
import { append } from "../../../append.ts";
import type {
  Difference,
  DifferenceGroup,
  DifferenceReport,
  DifferenceSide,
} from "../../../diff/difference.ts";
import { requestInWords } from "./request-text.ts";
import { furtherParts, placeInWords, possibleInWords, ruleInWords, whyBeside } from "./side-in-words.ts";
import { differingCount, requestCount, summaryOf } from "./summary.ts";

/** The longest comment that GitHub takes. unit: characters */
const LONGEST = 65_536;
/** For the sentence on what was cut. */
const RESERVED = 200;
/** Requests of a cause; the text of a long one is cut. */
const EXAMPLES = 10;
const LONGEST_LINE = 400;

/** For a comment on a pull request: `title`, a table of causes, and each cause folded. */
export function differencesMarkdown(report: DifferenceReport, title: string): readonly string[] {
  const [head = "", ...further] = summaryOf(report);
  const lines = [
    `### ${title}: ${report.groups.length === 0 ? "no differences" : requestCount(differingCount(report))}`,
    "",
    ...paragraph([head, ...further]),
    ...tableOf(report.groups),
  ];
  let length = lengthOf(lines);
  for (const [at, group] of report.groups.entries()) {
    const folded = foldedLines(group, report.sides);
    length += lengthOf(folded);
    if (length > LONGEST - RESERVED) return [...lines, cutLine(report.groups.slice(at))];
    append(lines, folded);
  }
  return lines;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

function cutLine(left: readonly DifferenceGroup[]): string {
  const requests = requestCount(differingCount({ groups: left }));
  return `**Cut here:** ${left.length} more ${left.length === 1 ? "cause" : "causes"} with ${requests}. \`-o text\` prints all of them.`;
}

/** HTML that Markdown leaves alone; as code nobody is mentioned by it. */
function paragraph(sentences: readonly string[]): readonly string[] {
  const [head, ...further] = sentences.map((sentence) => safeHtml(sentence.trim()));
  return [`<p>${[`<b>${head}</b>`, ...further].join("<br>")}</p>`, ""];
}

/** Causes have our own words and numbers alone. */
function tableOf(groups: readonly DifferenceGroup[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { cause, all } of groups) counts.set(cause.text, (counts.get(cause.text) ?? 0) + all.length);
  if (counts.size === 0) return [];
  return [
    "| Cause | Requests |",
    "|---|---:|",
    ...[...counts].map(([text, count]) => `| ${text} | ${count} |`),
    "",
  ];
}

function foldedLines(
  { cause, all }: DifferenceGroup,
  [firstTitle, secondTitle]: DifferenceReport["sides"],
): readonly string[] {
  const [telling] = all;
  const shown = all.slice(0, EXAMPLES);
  const more = all.length - shown.length;
  const width = Math.max(firstTitle.length, secondTitle.length);
  const changes = shown.flatMap((difference) => [
    `  ${requestInWords(difference)}`,
    `- ${firstTitle.padEnd(width)}  ${sideLine(difference, difference.first, difference.second)}`,
    `+ ${secondTitle.padEnd(width)}  ${sideLine(difference, difference.second, difference.first)}`,
  ]);
  return [
    `<details><summary>${cause.text}${cause.detail === undefined ? "" : `: <code>${safeHtml(cause.detail)}</code>`} (${requestCount(all.length)})</summary>`,
    "",
    "```diff",
    ...[...changes, ...whyLines(firstTitle, telling.first), ...whyLines(secondTitle, telling.second)].map(
      (line) => shortened(printable(line)),
    ),
    ...(more > 0 ? [`  … and ${requestCount(more)} more`] : []),
    "```",
    "",
    "</details>",
    "",
  ];
}

function sideLine(difference: Difference, own: DifferenceSide, other: DifferenceSide): string {
  const parts = [possibleInWords(own), ...furtherParts(difference, own, other), placeInWords(own)];
  return parts.filter((part) => part !== "").join("  ");
}

function whyLines(title: string, side: DifferenceSide): readonly string[] {
  const texts = [ruleInWords(side), ...whyBeside(side).map(({ text }) => text)].filter((text) => text !== "");
  return texts.map((text) => `  ${title}: ${text}`);
}

function safeHtml(text: string): string {
  return shortened(printable(text)).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function shortened(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}…`;
}
