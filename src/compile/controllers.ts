import { CONTOUR } from "./contour/facts.ts";
import type { ControllerFacts } from "./controller.ts";
import { GATEWAY_API } from "./gateway-api/facts.ts";
import { INGRESS_NGINX } from "./ingress-nginx/facts.ts";
import { KUBERNETES } from "./kubernetes/facts.ts";
import { TRAEFIK } from "./traefik/facts.ts";
import { TRAEFIK_NGINX } from "./traefik-nginx/facts.ts";

/**
 * Every controller, the default first. `--controller`, help, classes, cases and `docs/controllers.md` read
 * this list. `compile.ts` maps each name to its code, and does not build without it.
 */
const ALL = [
  INGRESS_NGINX,
  KUBERNETES,
  CONTOUR,
  GATEWAY_API,
  TRAEFIK,
  TRAEFIK_NGINX,
] as const satisfies readonly ControllerFacts[];

export type ControllerName = (typeof ALL)[number]["name"];

type NamedFacts = ControllerFacts & { readonly name: ControllerName };

export const CONTROLLERS: readonly [NamedFacts, ...NamedFacts[]] = ALL;

export const CONTROLLER_NAMES: readonly ControllerName[] = CONTROLLERS.map(({ name }) => name);

export const DEFAULT_CONTROLLER: ControllerName = ALL[0].name;

export function controllerNamed(name: ControllerName): ControllerFacts {
  const found = CONTROLLERS.find((controller) => controller.name === name);
  if (found === undefined) throw new Error(`no controller is named ${name}`);
  return found;
}
