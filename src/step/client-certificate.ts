import type { HeaderLine, RequestFacts } from "../model/decision.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** Tells the backend about the client's certificate: `ssl-client-*` (nginx.tmpl). */
export interface ClientCertificateStep {
  readonly kind: "client-certificate";
  /** `auth-tls-verify-client: "off"`: no certificate is requested. */
  readonly asked: boolean;
  /** `auth-tls-pass-certificate-to-upstream`. */
  readonly passed: boolean;
}

export function tellCertificate({ request }: Arrival, step: ClientCertificateStep): Change {
  return { requestHeaders: certificateLines(request, step) };
}

/** For an authentication service. */
export function certificateLines(
  { tls, scheme }: RequestFacts,
  { asked, passed }: Pick<ClientCertificateStep, "asked" | "passed">,
): readonly HeaderLine[] {
  const sent = asked ? tls?.certificate : undefined;
  const lines: HeaderLine[] = [
    ["ssl-client-verify", scheme === "https" ? (tls?.verify ?? "NONE") : ""],
    ["ssl-client-subject-dn", sent?.subject ?? ""],
    ["ssl-client-issuer-dn", sent?.issuer ?? ""],
  ];
  // nginx's $ssl_client_escaped_cert.
  if (passed) lines.push(["ssl-client-cert", encodeURIComponent(sent?.pem ?? "")]);
  return lines;
}
