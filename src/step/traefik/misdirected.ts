import { reason } from "../../model/reason.ts";
import type { TlsOptionsOfNames } from "../../model/route/host-step.ts";
import { valueOfName } from "../../request/by-name.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** 421 where the handshake went by TLS options that are not those of the request's host. */
export interface MisdirectedStep {
  readonly kind: "misdirected";
  readonly byName: TlsOptionsOfNames;
}

/** pkg/middlewares/snicheck */
export function refuseMisdirected(at: Arrival, { byName }: MisdirectedStep): Change | undefined {
  const { request, table, route } = at;
  if (request.scheme !== "https" || request.tls === undefined) return undefined;
  const host = table.plane.readHost(request.authority ?? request.host);
  const sent = table.plane.readHost(request.tls.servername ?? "");
  if (host === sent) return undefined;
  const [shaken, own] = [valueOfName(byName, sent), valueOfName(byName, host)];
  if (shaken === own) return undefined;
  const text = `the TLS handshake was for ${sent || "no name"}, whose TLS options are not those of ${host}: ${(own ?? shaken)?.named}`;
  return { decision: { kind: "respond", status: 421, route, why: [reason("misdirected", text)] } };
}
