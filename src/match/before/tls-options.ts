import type { Decision, RequestFacts } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import { valueOfName } from "../../request/by-name.ts";

type TlsOptionsStep = Extract<HostStep, { kind: "tls-options" }>;

/**
 * A client whose handshake fails by the options of its name gets no further; 400 stands for that. The proxy never sees such a
 * request.
 */
export function judgeTlsOptions(
  { byName }: TlsOptionsStep,
  { scheme, tls }: RequestFacts,
): Decision | undefined {
  if (scheme !== "https" || tls === undefined) return undefined;
  const sent = (tls.servername ?? "").toLowerCase();
  const options = valueOfName(byName, sent);
  if (options?.refused !== undefined)
    return {
      kind: "respond",
      status: 400,
      why: [reason("misdirected", `the handshake for ${sent || "no name"} is refused: ${options.refused}`)],
    };
  if (options?.verify !== "on") return undefined;
  if (tls.certificate !== undefined && !tls.verify.startsWith("FAILED:")) return undefined;
  const text = `the handshake for ${sent} fails without a certificate of the client: ${options.named}`;
  return {
    kind: "respond",
    status: 400,
    cause: "no client certificate",
    why: [reason("client-certificate", text)],
  };
}
