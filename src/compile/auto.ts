import { closest } from "../closest.ts";
import { countedKind } from "../counted.ts";
import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../steps.ts";
import { type ClassedObject, type ControllerClaim, claimsOf, type UnknownClass } from "./auto/claims.ts";
import { givenFlags } from "./command-line/given.ts";
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
  const problems = unknown.flatMap((each) =>
    each.controller === undefined ? [] : [unknownClass(each, registry)],
  );
  const [first, ...others] = (named.length > 0 ? named : withClass).map(asChosen);
  if (first !== undefined) return { chosen: [first, ...others], problems };
  return {
    chosen: [{ facts: registry[0], why: "no class names a controller that is known here" }],
    problems,
  };
}

/**
 * A line for each class without IngressClass that is no controller's own, nor made so by a flag. Each Ingress has a problem
 * of its own as well.
 */
export function* classesOfNobody<Facts extends ControllerFacts>(
  snapshot: Snapshot,
  registry: readonly Facts[],
  controllerFlags: readonly string[],
): Steps<readonly Problem[]> {
  const { unknown } = yield* claimsOf(snapshot, registry);
  const nameless = unknown.filter(({ controller }) => controller === undefined);
  if (nameless.length === 0) return [];
  const flagged = new Set<string>(
    registry.flatMap((facts) => classesByFlags(snapshot, facts, controllerFlags)),
  );
  return nameless.filter(({ name }) => !flagged.has(name)).map((each) => unknownClass(each, registry));
}

function classesByFlags(
  snapshot: Snapshot,
  facts: ControllerFacts,
  controllerFlags: readonly string[],
): readonly string[] {
  const { flags } = givenFlags(snapshot, facts, { controllerFlags });
  const { installedClass, onlyClass, ingressClasses = [] } = facts.commandLine?.asOptions?.(flags) ?? {};
  return [...ingressClasses, ...[installedClass, onlyClass].flatMap((name) => name ?? [])];
}

/** The controllers that classes or kinds name beside those that are served, with the reason. */
export function* newlyNamed<Facts extends ControllerFacts>(
  snapshot: Snapshot,
  registry: readonly Facts[],
  served: readonly ControllerFacts[],
): Steps<readonly ChosenController<Facts>[]> {
  const { named } = yield* claimsOf(snapshot, registry);
  return named.filter(({ facts }) => !served.some(({ name }) => name === facts.name)).map(asChosen);
}

function asChosen<Facts>({ facts, words }: ControllerClaim<Facts>): ChosenController<Facts> {
  return { facts, why: words.join(", ") };
}

/** `2 HTTPProxies are Contour's` */
function whoseObjects({
  facts: { name, title = name },
  words,
  objects,
}: ControllerClaim<ControllerFacts>): string {
  return `${words.join(", ")} ${objects.length === 1 ? "is" : "are"} ${title}${title.endsWith("s") ? "'" : "'s"}`;
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
  return named.map((claim) => ({
    code: "controller-not-chosen",
    level: "notice",
    message: `${whoseObjects(claim)}: --controller ${claim.facts.name}`,
    fix: CODES["controller-not-chosen"],
    ...placeOf(claim.objects[0]),
  }));
}

function unknownClass(
  { name, controller, objects }: UnknownClass,
  registry: readonly ControllerFacts[],
): Problem {
  const what = countedKind(objects.length, objects[0]?.kind ?? "");
  const names = [...new Set(registry.map(({ classes }) => classes.installed))];
  const meant = controller === undefined ? closest(name, names) : undefined;
  const why =
    controller === undefined
      ? `no IngressClass has this name, and it is the class of no controller that is known (${names.join(", ")})`
      : `its controller, ${controller}, is not among those that are known (${registry.map((facts) => facts.name).join(", ")})`;
  return {
    code: "unknown-class",
    level: "notice",
    message: `${what} of class "${name}": ${why}`,
    fix: `${meant === undefined ? "" : `Did you mean ${meant}? `}${CODES["unknown-class"]}`,
    ...placeOf(objects[0]),
  };
}

function placeOf(object: ClassedObject | undefined): Pick<Problem, "file" | "line"> {
  return object === undefined ? {} : { file: object.origin.file, line: object.origin.line || undefined };
}
