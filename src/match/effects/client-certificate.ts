import type { HeaderLine } from "../../model/decision.ts";
import type { Arrival } from "./arrival.ts";

/** `ssl-client-*` (nginx.tmpl): what is known of the client's certificate, where the server asks for one. */
export function clientCertificate({ host, request }: Arrival): readonly HeaderLine[] | undefined {
  const step = host.before.find(({ kind }) => kind === "client-certificate");
  if (step?.kind !== "client-certificate" || !step.auth.asked) return undefined;
  const { auth } = step;
  const { tls, scheme } = request;
  const sent = auth.verify === "off" ? undefined : tls?.certificate;
  const lines: HeaderLine[] = [
    ["ssl-client-verify", scheme === "https" ? (tls?.verify ?? "NONE") : ""],
    ["ssl-client-subject-dn", sent?.subject ?? ""],
    ["ssl-client-issuer-dn", sent?.issuer ?? ""],
  ];
  // nginx's $ssl_client_escaped_cert.
  if (auth.passCertificate) lines.push(["ssl-client-cert", encodeURIComponent(sent?.pem ?? "")]);
  return lines;
}
