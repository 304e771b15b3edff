import type { MadeFields } from "../../made.ts";
import { certificatesAskedBy, sayCertificates } from "../../nginx/client-certificates.ts";
import { type TraefikParts, traefikObject } from "../parts.ts";
import type { TraefikWorld } from "../world.ts";
import { close } from "./access.ts";

/** A TLSOption for the hosts that ask for certificates of clients. */
export function askForCertificates(parts: TraefikParts, { certificates }: TraefikWorld): void {
  sayCertificates(parts, certificates, {
    passedAs: "X-Forwarded-Tls-Client-Cert",
    close: (names, why) => close(parts, names, why),
  });
  const [asked] = certificatesAskedBy(parts, certificates).values();
  if (asked === undefined) return;
  parts.objects.push(
    traefikObject("TLSOption", parts.ingress, `${parts.ingress.metadata.name}${SUFFIX}`, {
      clientAuth: {
        secretNames: [parts.of("auth-tls-secret", asked.secret)],
        clientAuthType: parts.of("auth-tls-verify-client", TYPES[asked.verify]),
      },
    }),
  );
  if (asked.isPassed) parts.chain.push(parts.middleware("certificate", { passTLSClientCert: { pem: true } }));
}

const SUFFIX = "-client-certificates";

const TYPES = {
  on: "RequireAndVerifyClientCert",
  optional: "VerifyClientCertIfGiven",
  optional_no_ca: "RequestClientCert",
} as const;

/** `tls.options` of the routes of a host; all routes of a host have the same. */
export function optionsOf(host: string, { certificates }: TraefikWorld): MadeFields | undefined {
  const asked = certificates.get(host);
  return asked === undefined || "why" in asked
    ? undefined
    : { name: `${asked.by.ingress.metadata.name}${SUFFIX}` };
}
