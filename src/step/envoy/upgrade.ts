import { reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Refuses to switch to another protocol: 403 without a body. */
export interface NoUpgradeStep {
  readonly kind: "no-upgrade";
  /** Only requests by http, which are redirected otherwise. default: all */
  readonly only?: "http" | undefined;
  /** "others": WebSocket is allowed. default: every protocol is refused */
  readonly refused?: "others" | undefined;
  /** What would allow it: `projectcontour.io/websocket-routes`. */
  readonly setting: string;
}

const WHAT = {
  every: "the route allows no other protocol; what would",
  others: "only WebSocket is allowed; what would allow other protocols",
} as const;
const LIST = /\s*,\s*/;

export function refuseUpgrade(
  { request, route }: Arrival,
  { setting, only, refused }: NoUpgradeStep,
): Change | undefined {
  if (request.head?.upgrade === "" || (only === "http" && request.scheme !== "http")) return undefined;
  const protocol = request.header("upgrade")?.toLowerCase();
  // To HTTP/2 there is no upgrade.
  if (protocol === undefined || protocol === "h2c") return undefined;
  if (refused === "others" && protocol === "websocket") return undefined;
  const options = (request.header("connection") ?? "").toLowerCase().split(LIST);
  if (!options.includes("upgrade")) return undefined;
  const why = [reason("upgrade-refused", `${WHAT[refused ?? "every"]}: ${setting}`), ...route.why];
  return { decision: { kind: "respond", status: 403, text: "", route, why } };
}
