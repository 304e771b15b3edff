import { reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Refuses to switch to WebSocket: 403 without a body. Other protocols are no upgrades to Envoy. */
export interface NoUpgradeStep {
  readonly kind: "no-upgrade";
  /** Only requests by http, which are redirected otherwise. default: all */
  readonly only?: "http" | undefined;
  /** What would allow it: `projectcontour.io/websocket-routes`. */
  readonly setting: string;
}

const LIST = /\s*,\s*/;

export function refuseUpgrade(
  { request, route }: Arrival,
  { setting, only }: NoUpgradeStep,
): Change | undefined {
  if (request.head?.upgrade === "" || (only === "http" && request.scheme !== "http")) return undefined;
  if (request.header("upgrade")?.toLowerCase() !== "websocket") return undefined;
  const options = (request.header("connection") ?? "").toLowerCase().split(LIST);
  if (!options.includes("upgrade")) return undefined;
  const why = [reason("upgrade-refused", `the route allows no WebSocket: ${setting} does`), ...route.why];
  return { decision: { kind: "respond", status: 403, text: "", route, why } };
}
