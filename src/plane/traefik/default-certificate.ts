import type { ControllerCertificate } from "../../model/tls/own-certificate.ts";

/** Traefik draws the labels anew at each start (pkg/tls/generate, DefaultDomain). */
const LABEL = "0".repeat(32);

/** Of names without a certificate (pkg/tls/generate). */
export const TRAEFIK_DEFAULT_CERTIFICATE: ControllerCertificate = {
  secretName: "traefik.default",
  hosts: [`${LABEL}.${LABEL}.traefik.default`],
  commonName: "TRAEFIK DEFAULT CERT",
};
