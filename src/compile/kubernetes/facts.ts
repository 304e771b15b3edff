import type { ControllerFacts } from "../controller.ts";

/**
 * The specification is no controller: it takes every existing IngressClass, and does not say what happens to
 * an Ingress without class. Source:
 * https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
 */
export const KUBERNETES = {
  name: "kubernetes",
  summary: "the specification as written",
  classes: { controller: "any", installed: "nginx", classless: "served" },
  commandLine: { images: [], read: [], idle: [] },
} as const satisfies ControllerFacts;
