import type { ControllerFacts } from "./controller.ts";
import { INGRESS_NGINX } from "./ingress-nginx/facts.ts";
import { KUBERNETES } from "./kubernetes/facts.ts";

/**
 * Every controller there is, the default first. `--controller`, help, classes, cases and `docs/controllers.md` read this
 * list; `compile.ts` has the code that belongs to each name, and does not build without it.
 */
const ALL = [INGRESS_NGINX, KUBERNETES] as const satisfies readonly ControllerFacts[];

/** A name that `--controller` takes. */
export type ControllerName = (typeof ALL)[number]["name"];

export const CONTROLLERS: readonly (ControllerFacts & { readonly name: ControllerName })[] = ALL;

export const CONTROLLER_NAMES: readonly ControllerName[] = CONTROLLERS.map(({ name }) => name);

/** The one whose behaviour is shown where nobody names another. */
export const DEFAULT_CONTROLLER: ControllerName = ALL[0].name;

/** The facts of a controller by its name. */
export function controllerNamed(name: ControllerName): ControllerFacts {
  const found = CONTROLLERS.find((controller) => controller.name === name);
  if (found === undefined) throw new Error(`no controller is named ${name}`);
  return found;
}
