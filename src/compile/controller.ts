import type { Problem } from "../model/problem.ts";
import type { Ingress } from "../model/resource.ts";
import type { RouteTable } from "../model/route.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CompileOptions } from "./options.ts";

/**
 * What `--controller`, help, classes and documentation say of a controller. It is known before any of the controller's
 * code is loaded: `--help` does not pay for that.
 */
export interface ControllerFacts {
  /** As `--controller` takes it, and the name of its folder. */
  readonly name: string;
  /** What the behaviour is taken from, as it stands in parentheses behind the name. */
  readonly summary: string;
  readonly classes: ClassRule;
  /** The ConfigMap that the controller's installations make for its options; default: it reads none. */
  readonly configMap?: { readonly namespace: string; readonly name: string };
}

/** Which Ingresses a controller takes for its own. */
export interface ClassRule {
  /** The `spec.controller` of its IngressClasses; `"any"`: it is no controller in particular. */
  readonly controller: string | "any";
  /**
   * The class that its installations make: a manifest may name it, in the field or in the annotation
   * `kubernetes.io/ingress.class`, without the IngressClass being there.
   */
  readonly installed: string;
  /** What becomes of an Ingress that names no class while no IngressClass is the default. */
  readonly classless: "served" | Classless;
  /** What the controller logs of an Ingress of another class; default: nothing. */
  readonly log?: string;
}

/** Ignored in production, and served here unless `--exact`. */
export interface Classless {
  /** Who ignores it: `an ingress-nginx without --some-flag`. */
  readonly ignoredBy: string;
  /** An installation that serves it, as it is done here. */
  readonly servedOn: string;
}

/** The work of one controller on the Ingresses that it serves, oldest first. */
export type CompileIngresses = (
  ingresses: readonly Ingress[],
  snapshot: Snapshot,
  options: CompileOptions,
) => CompiledByController;

/** A table as the controller's own code makes it, and what it says of the manifests. */
export interface CompiledByController {
  readonly table: Omit<RouteTable, "unserved">;
  readonly problems: readonly Problem[];
}
