import { autoChoice, classesOfNobody, newlyNamed, notChosen } from "../../compile/auto.ts";
import { refusedFlags } from "../../compile/command-line/given.ts";
import type { ControllerFacts } from "../../compile/controller.ts";
import { CONTROLLERS, controllerNamed, DEFAULT_CONTROLLER } from "../../compile/controllers.ts";
import { UserError } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { atOnce, type Steps } from "../../steps.ts";
import type { ControllerSettings, Settings } from "../options.ts";

/** A controller that is shown: its settings, and why the manifests chose it (default: an option did). */
export interface ControllerPart {
  readonly settings: ControllerSettings;
  readonly why?: string | undefined;
}

export type ControllerParts = readonly [ControllerPart, ...ControllerPart[]];

/**
 * The controllers of `--controller`, each with ports of its own, as each has an address of its own in the cluster.
 * @throws UserError `bad-option` for a flag that none of them has
 */
export function controllerParts(
  settings: Settings,
  snapshot: Snapshot,
  ports: "own" | "same" = "own",
): ControllerParts {
  const [first, ...others] = chosenIn(settings, snapshot);
  requireFlags(settings, [first, ...others]);
  const at = (place: number) => (ports === "own" ? place : 0);
  return [
    controllerPart(settings, first, 0),
    ...others.map((each, place) => controllerPart(settings, each, at(place + 1))),
  ];
}

/**
 * A controller with the ports of its place, and the flags that it has.
 * @throws UserError `bad-option` for a place without ports
 */
export function controllerPart(settings: Settings, { name, why }: ChosenName, place: number): ControllerPart {
  const has = (flag: string) => refusedFlags([flag], controllerNamed(name)).length === 0;
  return {
    settings: {
      ...settings,
      controller: name,
      controllerFlag: settings.controllerFlag.filter(has),
      httpPort: portAt(settings.httpPort, place),
      httpsPort: portAt(settings.httpsPort, place),
    },
    why,
  };
}

export interface ChosenName {
  readonly name: ControllerSettings["controller"];
  readonly why?: string | undefined;
}

function chosenIn(settings: Settings, snapshot: Snapshot): readonly [ChosenName, ...ChosenName[]] {
  const { controller } = settings;
  if (controller !== "auto") {
    const [first, ...others] = [controller].flat();
    return [{ name: first ?? DEFAULT_CONTROLLER }, ...others.map((name) => ({ name }))];
  }
  if (namesClasses(settings)) return [{ name: DEFAULT_CONTROLLER }];
  const [first, ...others] = atOnce(autoChoice(snapshot, CONTROLLERS)).chosen;
  const chosen = ({ facts, why }: typeof first): ChosenName => ({ name: facts.name, why });
  return [chosen(first), ...others.map(chosen)];
}

function namesClasses({ ingressClass, controllerClass }: Settings): boolean {
  return ingressClass !== undefined || controllerClass !== undefined;
}

/** Objects of controllers that are not shown, or not known. */
export function* choiceProblems(
  settings: Settings,
  snapshot: Snapshot,
  parts: readonly ControllerPart[],
): Steps<readonly Problem[]> {
  if (!isAuto(settings)) return yield* notChosen(snapshot, CONTROLLERS, factsOf(parts));
  const { problems } = yield* autoChoice(snapshot, CONTROLLERS);
  const nameless = yield* classesOfNobody(snapshot, CONTROLLERS, settings.controllerFlag);
  return [...problems, ...nameless];
}

/** The controllers that a later snapshot names beside those that are shown. */
export function* namedLater(
  settings: Settings,
  snapshot: Snapshot,
  parts: readonly ControllerPart[],
): Steps<readonly ChosenName[]> {
  if (!isAuto(settings)) return [];
  const named = yield* newlyNamed(snapshot, CONTROLLERS, factsOf(parts));
  return named.map(({ facts: { name }, why }) => ({ name, why }));
}

function factsOf(parts: readonly ControllerPart[]): readonly ControllerFacts[] {
  return parts.map(({ settings: { controller } }) => controllerNamed(controller));
}

/** Whoever says which classes are served says that they are not whose they seem. */
function isAuto(settings: Settings): boolean {
  return settings.controller === "auto" && !namesClasses(settings);
}

function portAt(first: number, at: number): number {
  if (first === 0 || first + at <= 65_535) return first === 0 ? 0 : first + at;
  throw new UserError("bad-option", `There is no port ${first + at} for the ${at + 1}th controller.`);
}

function requireFlags({ controllerFlag }: Settings, chosen: readonly ChosenName[]): void {
  for (const flag of controllerFlag) {
    const refusals = chosen.map(({ name }) => refusedFlags([flag], controllerNamed(name))[0]);
    if (refusals.includes(undefined)) continue;
    throw new UserError("bad-option", `--controller-flag: ${refusals.join(" ")}`);
  }
}
