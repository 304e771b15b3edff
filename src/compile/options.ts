import type { RouteTable } from "../model/route.ts";

/** Whose behaviour a table is compiled for, and which Ingresses it serves. */
export interface CompileOptions {
  readonly controller: RouteTable["controller"];
  /** Class names that are served although no IngressClass object names them. */
  readonly ingressClasses: readonly string[];
  /** What becomes of an Ingress without a class: served with a notice (as on minikube), or ignored as by default. */
  readonly classless: "served" | "ignored";
  /** The controller's own ConfigMap, `NAMESPACE/NAME`; where it is left out, the one that its installations make. */
  readonly configMap?: string | undefined;
}
