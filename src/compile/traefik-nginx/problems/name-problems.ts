import { append } from "../../../append.ts";
import { closest } from "../../../closest.ts";
import type { Problem } from "../../../model/problem.ts";
import { eachInSteps, type Steps } from "../../../steps.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { isWholeNumber, type NginxAnnotations } from "../annotations.ts";
import { READ_NAMES, UNREAD, UNREAD_EFFECTS, UNREAD_GUARDS } from "../names.ts";

/** NginxAnnotations that are not read, once for each name, and values that do not count. */
export function* nameProblems(all: readonly NginxAnnotations[]): Steps<readonly Problem[]> {
  const problems: Problem[] = [];
  const unread = new Map<string, NginxAnnotations[]>();
  yield* eachInSteps(all, (annotations) => {
    for (const [key, value] of annotations.ingress.metadata.annotations) {
      if (!key.startsWith(PREFIX)) continue;
      const name = key.slice(PREFIX.length);
      const form = READ_NAMES.get(name);
      if (form !== undefined) append(problems, valueProblems(annotations, name, form, value));
      else {
        const users = unread.get(name);
        if (users === undefined) unread.set(name, [annotations]);
        else users.push(annotations);
      }
    }
  });
  for (const [name, users] of unread) problems.push(unreadProblem(name, users));
  return problems;
}

function unreadProblem(name: string, users: readonly NginxAnnotations[]): Problem {
  const [first] = users;
  if (first === undefined) throw new Error("an annotation is always somebody's");
  const { ingress } = first;
  const more = users.length === 1 ? "" : ` (and ${users.length - 1} more with it)`;
  const where = { field: first.fieldOf(name) };
  const who = `Ingress ${ingressName(ingress)}${more}: ${PREFIX}${name}`;
  if (UNREAD.has(name)) {
    const effect = UNREAD_EFFECTS.get(name);
    return problemOf(ingress, {
      ...where,
      code: "annotation-not-read",
      level: UNREAD_GUARDS.has(name) ? "warning" : "notice",
      message: `${who}: Traefik does not read it, and says nothing${effect === undefined ? "" : `: ${effect}`}`,
      fix: "Remove it, or do the same by a Middleware of Traefik.",
    });
  }
  const near = closest(name, READ_NAMES.keys());
  return problemOf(ingress, {
    ...where,
    code: "annotation-unknown",
    level: "warning",
    message: `${who}: neither ingress-nginx nor Traefik has such an annotation${near === undefined ? "" : ` (did you mean ${near}?)`}`,
    fix: "Correct the name, or remove it.",
  });
}

function valueProblems(
  annotations: NginxAnnotations,
  name: string,
  form: string,
  value: string,
): readonly Problem[] {
  const isBad =
    (form === "boolean" && !/^(?:true|false)$/i.test(value)) || (form === "integer" && !isWholeNumber(value));
  if (!isBad) return [];
  const [what, effect] =
    form === "boolean"
      ? ["neither true nor false", "it counts as false"]
      : ["no whole number", "it counts as absent"];
  return [
    problemOf(annotations.ingress, {
      code: "annotation-ignored",
      level: "warning",
      field: annotations.fieldOf(name),
      message: `Ingress ${ingressName(annotations.ingress)}: ${PREFIX}${name}: ${JSON.stringify(value)} is ${what}: ${effect}`,
      fix: form === "boolean" ? 'Write "true" or "false".' : "Write a whole number.",
    }),
  ];
}
