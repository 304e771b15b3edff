import { byLevel, problemCount, problemLines } from "../../../ui/problems.ts";
import { colourFor } from "../../../ui/style.ts";
import { ROUTE_KINDS } from "../../model/custom-kinds.ts";
import type { Problem } from "../../model/problem.ts";
import { stopped } from "../routing/in-force.ts";
import type { Routing, Routings } from "../routing.ts";
import type { Surroundings } from "../surroundings.ts";

/** Of a side; `check` prints all. */
const MOST = 10;

/** Prints errors and warnings that only one side has to standard error, and the number of those on both. */
export async function reportProblemsOfSides(
  [first, second]: readonly [Routings, Routings],
  { stderr, env }: Pick<Surroundings, "stderr" | "env">,
): Promise<void> {
  const [before, after] = [problemsOf(first), problemsOf(second)];
  const [inFirst, inSecond] = [keysOf(before), keysOf(after)];
  const both = after.filter((problem) => inFirst.has(keyOf(problem)));
  const lines = [
    ...emptyLines(first, second),
    ...sideLines(
      "old",
      before.filter((problem) => !inSecond.has(keyOf(problem))),
      colourFor(stderr, env),
    ),
    ...sideLines(
      "new",
      after.filter((problem) => !inFirst.has(keyOf(problem))),
      colourFor(stderr, env),
    ),
    ...(both.length === 0 ? [] : [`On both sides: ${problemCount(both)} (ingress-dev check prints them)`]),
  ];
  if (lines.length > 0) stderr.write(`${lines.join("\n")}\n`);
}

/** Such a side is mostly a mistake: the wrong folder, or a program before the pipe that printed nothing. */
function emptyLines(...sides: readonly [Routings, Routings]): readonly string[] {
  const [old, now] = sides.map(({ all: [{ reading }] }) => isEmpty(reading));
  if (old && now)
    return ["No Ingress in old, and none in new: only the controller's own answers are compared"];
  if (old) return ["No Ingress in old: every rule shows as added"];
  return now ? ["No Ingress in new: every rule shows as removed"] : [];
}

function isEmpty({ snapshot: { ingresses, custom } }: Routing["reading"]): boolean {
  return ingresses.length === 0 && !custom.some(({ kind }) => ROUTE_KINDS.has(kind));
}

function problemsOf({ problems, all }: Routings): readonly Problem[] {
  const stops = all.flatMap(({ compiled, settings }) => stopped(compiled, settings, undefined));
  return [...problems, ...stops].filter(({ level }) => level !== "notice");
}

/** The same problem stands in another file or line on the other side. */
function keyOf({ code, object, field, message }: Problem): string {
  return JSON.stringify([code, object, field, message]);
}

function keysOf(problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.map(keyOf));
}

function sideLines(
  side: string,
  problems: readonly Problem[],
  colour: "always" | "never",
): readonly string[] {
  if (problems.length === 0) return [];
  const shown = byLevel(problems).slice(0, MOST);
  const more = problems.length - shown.length;
  return [
    `Only in ${side}: ${problemCount(problems)}`,
    ...shown.flatMap((problem) => problemLines(problem, colour)).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more} more (ingress-dev check prints them)`] : []),
  ];
}
