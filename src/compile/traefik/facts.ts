import { CUSTOM_KINDS } from "../../model/custom-kinds.ts";
import { TRAEFIK_DEFAULT_CERTIFICATE } from "../../plane/traefik/default-certificate.ts";
import type { ControllerFacts } from "../controller.ts";
import { TRAEFIK_CHART } from "./chart.ts";
import { TRAEFIK_COMMAND_LINE } from "./command-line.ts";

/** The answer to requests whose router is not made. */
export const WITHOUT_ROUTER = "the answer of a shorter rule, or 404";

/** Source: the Helm chart 41.3.0, and pkg/provider/kubernetes/ingress of Traefik 3.7.9. */
export const TRAEFIK = {
  name: "traefik",
  title: "Traefik",
  summary: "Traefik 3.7.9, as its Helm chart installs it",
  endpoints: "serving",
  classes: { controller: "traefik.io/ingress-controller", installed: "traefik", classless: "served" },
  kinds: CUSTOM_KINDS.get("traefik.io") ?? [],
  // Those of the chart, of k3s, and of the vendor.
  commandLine: {
    ...TRAEFIK_COMMAND_LINE,
    images: ["traefik", "mirrored-library-traefik", "hub/traefik-hub"],
    chart: TRAEFIK_CHART,
  },
  absent: {
    certificate: "Traefik's default certificate",
    passwords: WITHOUT_ROUTER,
    service: WITHOUT_ROUTER,
  },
  ownCertificate: TRAEFIK_DEFAULT_CERTIFICATE,
} as const satisfies ControllerFacts;

/** Who a router comes from, as in names: `web@kubernetescrd`. */
export const PROVIDERS = { ingress: "kubernetes", crd: "kubernetescrd", internal: "internal" } as const;

/** The realm of passwords, where none is written (pkg/middlewares/auth). */
export const USUAL_REALM = "traefik";

/** The entry point of the API, which no router is on by itself. */
export const API_ENTRY = "traefik";
