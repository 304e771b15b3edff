import type { Decision, RequestFacts } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import { wildcardOf } from "../../request/host.ts";

type TlsOptionsStep = Extract<HostStep, { kind: "tls-options" }>;

/**
 * The handshake went by the options of its name, and a request for a host with others is misdirected (421). A client without
 * the certificate that they ask for gets no further than the handshake; 400 stands for that.
 */
export function judgeTlsOptions(
  { byName }: TlsOptionsStep,
  { scheme, tls }: RequestFacts,
  host: string,
): Decision | undefined {
  if (scheme !== "https") return undefined;
  const optionOf = (name: string) => byName.get(name) ?? byName.get(wildcardOf(name, "none") ?? "");
  const sent = tls?.servername ?? "";
  const [shaken, own] = [optionOf(sent), optionOf(host)];
  if (shaken?.verify === "on" && (tls?.certificate === undefined || tls.verify.startsWith("FAILED:"))) {
    const text = `the handshake for ${sent} fails without a certificate of the client: ${shaken.named}`;
    return {
      kind: "respond",
      status: 400,
      cause: "no client certificate",
      why: [reason("client-certificate", text)],
    };
  }
  if (shaken === own) return undefined;
  const text = `the TLS handshake was for ${sent || "no name"}, whose TLS options are not those of ${host}: ${(own ?? shaken)?.named}`;
  return { kind: "respond", status: 421, why: [reason("misdirected", text)] };
}
