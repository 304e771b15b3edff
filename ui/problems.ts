import { counted } from "../src/counted.ts";
import type { ObjectRef, Problem, ProblemLevel } from "../src/model/problem.ts";
import { printable } from "./printable.ts";
import { type Colour, levelStyle, styled } from "./style.ts";

const ORDER: Record<ProblemLevel, number> = { error: 0, warning: 1, notice: 2 };

/** Errors, then warnings, then notices; otherwise in the order in which they were found. */
export function byLevel<P extends Pick<Problem, "level">>(problems: readonly P[]): readonly P[] {
  return [...problems].sort((a, b) => ORDER[a.level] - ORDER[b.level]);
}

/** `ingress.yaml:12`, `ingress.yaml`, or `""` for a problem without a file. */
export function place(problem: Problem): string {
  if (problem.file === undefined) return "";
  return printable(problem.line ? `${problem.file}:${problem.line}` : problem.file);
}

/** `Ingress default/basic`; without a namespace the name alone. */
function objectText(object: ObjectRef): string {
  return printable(`${object.kind} ${object.namespace === "" ? "" : `${object.namespace}/`}${object.name}`);
}

/**
 * Object and field, if any, before the message: `Ingress default/basic spec.rules[0]: …`. A message may begin with them
 * to stand alone; they are said once.
 */
export function sentence(problem: Problem): string {
  return sentenceWith(problem, problem.field);
}

/** The sentence for a narrow line: an annotation goes by its short name. */
export function shortSentence(problem: Problem): string {
  const field = keyIn(problem.field)?.replace(/^nginx\.ingress\.kubernetes\.io\//, "") ?? problem.field;
  return sentenceWith(problem, field).replaceAll("\n", " ");
}

function sentenceWith(problem: Problem, field: string | undefined): string {
  const object = problem.object && objectText(problem.object);
  const message = saidOnce(problem);
  const isSubject = object !== undefined && !field && message.startsWith(`${object} `);
  const before = [isSubject ? undefined : object, field && printable(field)].filter(Boolean).join(" ");
  return before === "" ? message : `${before}: ${message}`;
}

function keyIn(field: string | undefined): string | undefined {
  return /^(?:metadata\.annotations|data)\[(.+)\]$/.exec(field ?? "")?.[1];
}

/** The message without the place, object, field, annotation or option that stand before it. */
function saidOnce(problem: Problem): string {
  const { object, field, message } = problem;
  const text = message.split("\n").map(printable).join("\n");
  const key = keyIn(field) ?? field;
  const before = [place(problem), object && objectText(object), key && printable(key)];
  return before.reduce<string>(without, text);
}

function without(text: string, start: string | undefined): string {
  return start && text.startsWith(`${start}: `) ? text.slice(start.length + 2) : text;
}

/**
 * A problem as lines for a terminal or log: `file:line  level  code  object field: message`, with the fix
 * below. Further lines of a message are indented, so that none looks like a separate line.
 */
export function problemLines(problem: Problem, colour: Colour = "never"): readonly string[] {
  const [first = "", ...more] = sentence(problem).split("\n");
  const head = [
    place(problem),
    styled(problem.level, levelStyle(problem.level), colour),
    printable(problem.code),
    first,
  ];
  const fix = problem.fix.split("\n").filter((line) => line.trim() !== "");
  return [
    head.filter((part) => part !== "").join("  "),
    ...more.map((line) => `    ${line}`),
    ...fix.map((line, index) => `${index === 0 ? "  → " : "    "}${printable(line)}`),
  ];
}

/** The first of these lines: without further lines and next step. */
export function problemLine(problem: Problem, colour: Colour = "never"): string {
  const [first = ""] = problemLines(problem, colour);
  return first;
}

/** Errors first. `below`: further lines of a problem. */
export function problemsText(
  problems: readonly Problem[],
  colour: Colour = "never",
  below: (problem: Problem) => readonly string[] = () => [],
): readonly string[] {
  return byLevel(problems).flatMap((problem) => [...problemLines(problem, colour), ...below(problem)]);
}

/** `2 errors, 1 warning`; `no problems` */
export function problemCount(problems: readonly Problem[]): string {
  const counts = (["error", "warning", "notice"] as const).flatMap((level) => {
    const count = problems.filter((problem) => problem.level === level).length;
    return count === 0 ? [] : [counted(count, level)];
  });
  return counts.length === 0 ? "no problems" : counts.join(", ");
}
