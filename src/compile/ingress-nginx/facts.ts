import type { ControllerFacts } from "../controller.ts";
import { COMMAND_LINE } from "./command-line.ts";

/** Source: pkg/flags/flags.go (`--controller-class`, `--ingress-class`, `--configmap`) and the Helm chart's values.yaml. */
export const INGRESS_NGINX = {
  name: "ingress-nginx",
  summary: "kubernetes/ingress-nginx v1.15",
  classes: {
    controller: "k8s.io/ingress-nginx",
    installed: "nginx",
    classless: {
      ignoredBy: "an ingress-nginx without --watch-ingress-without-class",
      servedOn: "minikube",
    },
    log: "ingress does not contain a valid IngressClass",
  },
  configMap: { namespace: "ingress-nginx", name: "ingress-nginx-controller" },
  certificateWithout: "fake",
  commandLine: COMMAND_LINE,
} as const satisfies ControllerFacts;
