import { printable } from "../../../ui/printable.ts";
import { byLevel } from "../../../ui/problems.ts";
import type { ProblemLevel } from "../../model/problem.ts";

/** A remark at a line of a file, as GitHub shows it beside a change. */
export interface Annotation {
  readonly level: ProblemLevel;
  readonly title: string;
  readonly message: string;
  /** As `repositoryPath` gives it. default: the remark is about the whole step */
  readonly file?: string | undefined;
  /** 1-based. */
  readonly line?: number | undefined;
  readonly endLine?: number | undefined;
  /** 1-based. */
  readonly column?: number | undefined;
  /** 1-based, behind the last character. Counts on one line only. */
  readonly endColumn?: number | undefined;
}

/** GitHub shows so many of each level for a step. https://docs.github.com/actions: "Usage limits" */
const MOST = 10;

/** Longer messages are cut: GitHub shows no more of them. unit: chars */
const LONGEST = 4_000;

/**
 * Workflow commands, one a line: errors first, and at most `MOST` of each level. The number of others follows, in a line
 * that is no command.
 */
export function annotationLines(annotations: readonly Annotation[]): readonly string[] {
  const left = { error: MOST, warning: MOST, notice: MOST };
  const shown = byLevel(annotations).filter(({ level }) => left[level]-- > 0);
  const more = annotations.length - shown.length;
  return [
    ...shown.map(annotationLine),
    ...(more === 0
      ? []
      : [`${more} more without an annotation: GitHub shows ${MOST} of each level for a step`]),
  ];
}

/** `::error file=…,line=…,title=…::message` */
function annotationLine({ level, message, ...at }: Annotation): string {
  const isPlaced = at.file !== undefined;
  const isOneLine = at.endLine === undefined || at.endLine === at.line;
  const properties: readonly (readonly [string, string | number | undefined])[] = [
    ["file", at.file],
    ["line", isPlaced ? at.line : undefined],
    ["endLine", isPlaced ? at.endLine : undefined],
    ["col", isPlaced ? at.column : undefined],
    ["endColumn", isPlaced && isOneLine ? at.endColumn : undefined],
    ["title", printable(at.title)],
  ];
  const written = properties
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${name}=${asProperty(String(value))}`);
  const words = message.split(/\r?\n/).map(printable).join("\n");
  const cut = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
  return `::${level} ${written.join(",")}::${asData(cut)}`;
}

/** `escapeData` of @actions/core, command.ts. */
function asData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** `escapeProperty` of @actions/core, command.ts. */
function asProperty(text: string): string {
  return asData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/**
 * Lines in which the runner looks for no command (`stop-commands`): it would find one in a message or a name that comes
 * from a manifest, at the start of a line (`::`) and anywhere (`##[`). `token`: what nobody can guess.
 */
export function withoutCommands(lines: readonly string[], token: string): readonly string[] {
  return lines.length === 0 ? [] : [`::stop-commands::${token}`, ...lines, `::${token}::`];
}
