import type { Decision, RequestFacts } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import type { RouteTable } from "../../model/route.ts";
import { isNamed } from "../../select/host.ts";
import { entryPointOf } from "../../select/table.ts";

type ServerNameStep = Extract<HostStep, { kind: "server-name" }>;

/**
 * 421 where the handshake was for another name than the request is for. A handshake for no served name comes by a
 * fallback certificate, which not every host has: 404.
 */
export function judgeServerName(
  { unknown }: ServerNameStep,
  table: RouteTable,
  { scheme, tls, entryPoint }: RequestFacts,
  name: string,
): Decision | undefined {
  if (scheme !== "https" || tls === undefined) return undefined;
  const servername = table.plane.readHost(tls.servername ?? "");
  const { selection } = entryPointOf(table, "https", entryPoint);
  if (isNamed(selection, servername)) {
    if (servername === name) return undefined;
    const why = `the TLS handshake was for ${servername}, and the request is for ${name || "no host"}`;
    return { kind: "respond", status: 421, why: [reason("misdirected", why)] };
  }
  if (unknown === "served") return undefined;
  const why =
    "the TLS handshake was for no name that is served here, and this host has no fallback certificate";
  return { kind: "respond", status: 404, why: [reason("misdirected", why)] };
}
