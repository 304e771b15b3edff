import { autoChoice, classesOfNobody, newlyNamed, notChosen } from "../../compile/auto.ts";
import { refusedFlags } from "../../compile/command-line/given.ts";
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
  const flags = flagsOfEach(settings, [first, ...others]);
  const part = ({ name, why }: Chosen, at: number): ControllerPart => ({
    settings: {
      ...settings,
      controller: name,
      controllerFlag: flags.get(name) ?? [],
      httpPort: portAt(settings.httpPort, ports === "own" ? at : 0),
      httpsPort: portAt(settings.httpsPort, ports === "own" ? at : 0),
    },
    why,
  });
  return [part(first, 0), ...others.map((each, at) => part(each, at + 1))];
}

interface Chosen {
  readonly name: ControllerSettings["controller"];
  readonly why?: string | undefined;
}

function chosenIn(settings: Settings, snapshot: Snapshot): readonly [Chosen, ...Chosen[]] {
  const { controller } = settings;
  if (controller !== "auto") {
    const [first, ...others] = [controller].flat();
    return [{ name: first ?? DEFAULT_CONTROLLER }, ...others.map((name) => ({ name }))];
  }
  // Whoever says which classes are served says that they are not whose they seem.
  if (namesClasses(settings)) return [{ name: DEFAULT_CONTROLLER }];
  const [first, ...others] = atOnce(autoChoice(snapshot, CONTROLLERS)).chosen;
  const chosen = ({ facts, why }: typeof first): Chosen => ({ name: facts.name, why });
  return [chosen(first), ...others.map(chosen)];
}

function namesClasses({ ingressClass, controllerClass }: Settings): boolean {
  return ingressClass !== undefined || controllerClass !== undefined;
}

/** Objects of controllers that are not shown, or not known. */
export function* choiceProblems(
  settings: Settings,
  snapshot: Snapshot,
  parts: ControllerParts,
): Steps<readonly Problem[]> {
  const chosen = parts.map(({ settings: { controller } }) => controllerNamed(controller));
  if (settings.controller !== "auto" || namesClasses(settings))
    return yield* notChosen(snapshot, CONTROLLERS, chosen);
  const { problems } = yield* autoChoice(snapshot, CONTROLLERS);
  const nameless = yield* classesOfNobody(snapshot, CONTROLLERS, settings.controllerFlag);
  return [...problems, ...nameless, ...(yield* newlyNamed(snapshot, CONTROLLERS, chosen))];
}

function portAt(first: number, at: number): number {
  if (first === 0 || first + at <= 65_535) return first === 0 ? 0 : first + at;
  throw new UserError("bad-option", `There is no port ${first + at} for the ${at + 1}th controller.`);
}

/** Each controller gets those that it has. */
function flagsOfEach(
  { controllerFlag }: Settings,
  chosen: readonly Chosen[],
): ReadonlyMap<string, readonly string[]> {
  const flags = new Map<string, string[]>(chosen.map(({ name }) => [name, []]));
  for (const flag of controllerFlag) {
    const refusals = chosen.map(({ name }) => refusedFlags([flag], controllerNamed(name)));
    for (const [at, { name }] of chosen.entries())
      if (refusals[at]?.length === 0) flags.get(name)?.push(flag);
    const [first, ...others] = refusals.map(([refusal]) => refusal);
    if (first === undefined || others.includes(undefined)) continue;
    throw new UserError("bad-option", `--controller-flag: ${[first, ...others].join(" ")}`);
  }
  return flags;
}
