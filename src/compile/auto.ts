import { countedKind } from "../counted.ts";
import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../steps.ts";
import { type ClassedObject, claimsOf, type UnknownClass } from "./auto/claims.ts";
import type { ControllerFacts } from "./controller.ts";

/** A controller, and why it is the one. */
interface ChosenController<Facts> {
  readonly facts: Facts;
  readonly why: string;
}

export interface AutoChoice<Facts> {
  /** In the order of the registry. */
  readonly chosen: readonly [ChosenController<Facts>, ...ChosenController<Facts>[]];
  /** Classes that nobody here serves. */
  readonly problems: readonly Problem[];
}

/**
 * The controllers whose objects these are, by their classes and kinds: all that are named, else those with an
 * IngressClass, else the first of the registry. The specification is nobody's class.
 */
export function* autoChoice<Facts extends ControllerFacts>(
  snapshot: Snapshot,
  registry: readonly [Facts, ...Facts[]],
): Steps<AutoChoice<Facts>> {
  const { named, withClass, unknown } = yield* claimsOf(snapshot, registry);
  const problems = unknown.map((each) => unknownClass(each, registry));
  const [first, ...others] = (named.length > 0 ? named : withClass).map(({ facts, words }) => ({
    facts,
    why: words.join(", "),
  }));
  if (first !== undefined) return { chosen: [first, ...others], problems };
  return {
    chosen: [{ facts: registry[0], why: "no class names a controller that is known here" }],
    problems,
  };
}

/** A line for each controller that is not chosen, and has custom resources. */
export function* notChosen<Facts extends ControllerFacts>(
  snapshot: Snapshot,
  registry: readonly Facts[],
  chosen: readonly ControllerFacts[],
): Steps<readonly Problem[]> {
  if (snapshot.custom.length === 0) return [];
  const read = new Set<string>(chosen.flatMap(({ kinds = [] }) => kinds));
  const custom = snapshot.custom.filter(({ kind }) => !read.has(kind));
  const { named } = yield* claimsOf({ ...snapshot, ingresses: [], ingressClasses: [], custom }, registry);
  return named.map(({ facts: { name, title = name }, words, objects }) => ({
    code: "controller-not-chosen",
    level: "notice",
    message: `${words.join(", ")} ${objects.length === 1 ? "is" : "are"} ${title}${title.endsWith("s") ? "'" : "'s"}: --controller ${name}`,
    fix: CODES["controller-not-chosen"],
    ...placeOf(objects[0]),
  }));
}

function unknownClass(
  { name, controller, objects }: UnknownClass,
  registry: readonly ControllerFacts[],
): Problem {
  const known = registry.map((facts) => facts.name).join(", ");
  const what = countedKind(objects.length, objects[0]?.kind ?? "");
  return {
    code: "unknown-class",
    level: "notice",
    message: `${what} of class "${name}": its controller, ${controller}, is not among those that are known (${known})`,
    fix: CODES["unknown-class"],
    ...placeOf(objects[0]),
  };
}

function placeOf(object: ClassedObject | undefined): Pick<Problem, "file" | "line"> {
  return object === undefined ? {} : { file: object.origin.file, line: object.origin.line || undefined };
}
