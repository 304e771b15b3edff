import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { type EnvoyText, fillEnvoyText } from "./text.ts";

/** Asks the backend for another host, and tells it the client's in `x-forwarded-host` (`append_x_forwarded_host`). */
export interface EnvoyHostStep {
  readonly kind: "envoy-host";
  /** Without a value the host stays. */
  readonly to: EnvoyText;
}

export function changeEnvoyHost(at: Arrival, { to }: EnvoyHostStep): Change | undefined {
  const host = fillEnvoyText(to, at).replace(/[\x00-\x1f\x7f]/g, "");
  if (host === "") return undefined;
  const original = at.request.authority ?? at.request.host;
  return { requestHeaders: [["host", host]], beside: [["x-forwarded-host", original]] };
}
