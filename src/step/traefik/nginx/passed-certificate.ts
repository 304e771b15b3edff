import type { HeaderLine } from "../../../model/decision.ts";
import type { Arrival } from "../../arrival.ts";
import type { Change } from "../../change.ts";

/** `auth-tls-pass-certificate-to-upstream`: the Service learns of the client's certificate. */
export interface PassedCertificateStep {
  readonly kind: "passed-certificate";
}

/** pkg/middlewares/ingressnginx/authtlspasscertificatetoupstream; without a certificate one header alone is set. */
export function passCertificate({ request: { tls } }: Arrival): Change {
  const { certificate, verify = "NONE" } = tls ?? {};
  if (certificate === undefined) return { requestHeaders: [["Ssl-Client-Verify", "NONE"]] };
  const { subject, issuer, pem } = certificate;
  const lines: readonly HeaderLine[] = [
    ["Ssl-Client-Verify", verify],
    ["Ssl-Client-Subject-Dn", subject],
    ["Ssl-Client-Issuer-Dn", issuer],
    ["Ssl-Client-Cert", encodeURIComponent(pem)],
  ];
  return { requestHeaders: lines };
}
