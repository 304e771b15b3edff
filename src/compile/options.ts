import type { RouteTable } from "../model/route.ts";

/** Whose behaviour a table is compiled for, and which Ingresses it serves. */
export interface CompileOptions {
  readonly controller: RouteTable["controller"];
  /** Class names that are served although no IngressClass object names them. */
  readonly ingressClasses: readonly string[];
  /** What becomes of an Ingress without a class: served with a notice (as on minikube), or ignored as by default. */
  readonly classless: "served" | "ignored";
}
