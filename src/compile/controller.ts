import type { Problem } from "../model/problem.ts";
import type { Ingress } from "../model/resource.ts";
import type { RouteTable } from "../model/route.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CompileOptions } from "./options.ts";

/**
 * Facts about a controller for `--controller`, help, classes and documentation, known without loading its
 * code.
 */
export interface ControllerFacts {
  /** The value of `--controller`, and the name of its folder. */
  readonly name: string;
  /** Source of the behaviour, as in parentheses after the name. */
  readonly summary: string;
  readonly classes: ClassRule;
  /** The options' ConfigMap that its installations create. default: it reads none */
  readonly configMap?: { readonly namespace: string; readonly name: string };
}

/** The Ingresses that a controller serves. */
export interface ClassRule {
  /** The `spec.controller` of its IngressClasses; `"any"`: every one. */
  readonly controller: string | "any";
  /**
   * The class that its installations create. Manifests may name it, in the field or in the annotation
   * `kubernetes.io/ingress.class`, without bringing the IngressClass.
   */
  readonly installed: string;
  /** For an Ingress without class while no IngressClass is the default. */
  readonly classless: "served" | Classless;
  /** The controller's log line for an Ingress of another class. default: none */
  readonly log?: string;
}

/** Ignored in production, but served here unless `--exact`. */
interface Classless {
  /** The installation that ignores it: `an ingress-nginx without --some-flag`. */
  readonly ignoredBy: string;
  /** An installation that serves it, as here. */
  readonly servedOn: string;
}

/** Compiles the Ingresses that a controller serves, oldest first. */
export type CompileIngresses = (
  ingresses: readonly Ingress[],
  snapshot: Snapshot,
  options: CompileOptions,
) => CompiledByController;

/** The table of a controller's own code, and its problems. */
export interface CompiledByController {
  readonly table: Omit<RouteTable, "unserved">;
  readonly problems: readonly Problem[];
}
