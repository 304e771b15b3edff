import type { ControllerFacts } from "../controller.ts";
import { CONTOUR_COMMAND_LINE } from "./command-line.ts";

/** Measured on Contour after v1.33.6 with Envoy 1.40. Source: https://github.com/projectcontour/contour */
export const CONTOUR = {
  name: "contour",
  summary: "Contour 1.33 with Envoy 1.40, from its source and its answers",
  classes: {
    controller: "projectcontour.io/ingress-controller",
    installed: "contour",
    classless: "served",
    byName: ["projectcontour.io/ingress.class", "kubernetes.io/ingress.class"],
  },
  kinds: ["HTTPProxy", "TLSCertificateDelegation"],
  title: "Contour",
  absent: {
    certificate: "no answer by https",
    service: "503 for an HTTPProxy, and for an Ingress the answer of a shorter path or 404",
  },
  commandLine: CONTOUR_COMMAND_LINE,
  configMap: { namespace: "projectcontour", name: "contour" },
} as const satisfies ControllerFacts;
