import { TRAEFIK_DEFAULT_CERTIFICATE } from "../../plane/traefik/default-certificate.ts";
import type { ControllerFacts } from "../controller.ts";
import { WITHOUT_ROUTER } from "../traefik/facts.ts";

/**
 * Traefik's provider kubernetesIngressNGINX with the defaults of its chart. Source: Traefik 3.7.9,
 * pkg/provider/kubernetes/ingress-nginx, and its answers.
 */
export const TRAEFIK_NGINX = {
  name: "traefik-nginx",
  summary: "Traefik 3.7's provider kubernetesIngressNGINX",
  endpoints: "serving",
  classes: {
    controller: "k8s.io/ingress-nginx",
    installed: "nginx",
    classless: {
      ignoredBy: "Traefik's kubernetesIngressNGINX without watchIngressWithoutClass",
      servedOn: "Traefik with watchIngressWithoutClass",
    },
  },
  absent: {
    certificate: "Traefik's default certificate",
    passwords: WITHOUT_ROUTER,
    clients: WITHOUT_ROUTER,
  },
  ownCertificate: TRAEFIK_DEFAULT_CERTIFICATE,
} as const satisfies ControllerFacts;

/** Of passwords, without `auth-realm`. */
export const REALM_WITHOUT = "traefik";
