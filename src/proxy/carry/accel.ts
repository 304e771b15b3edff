import type { Plane } from "../../model/plane.ts";
import type { LimitRate, Transport } from "../../model/route/transport.ts";
import { firstOf } from "../exchange/header-lines.ts";

/** The target of an `X-Accel-Redirect`. */
export function accelRedirect({ accel }: Plane, raw: readonly (Buffer | string)[]): string | undefined {
  return accel === "obeyed" ? firstOf(raw, "x-accel-redirect") : undefined;
}

/**
 * The rate limit of an answer, by `limit-rate` or by the answer itself, in bytes/s. Unlimited if nginx does
 * not buffer it (ngx_http_upstream_process_limit_rate, ngx_http_upstream_process_buffering,
 * ngx_http_upstream_send_response).
 */
export function limitRateOf(
  { accel }: Plane,
  raw: readonly (Buffer | string)[],
  { limitRate, buffers }: Pick<Transport, "limitRate" | "buffers">,
): LimitRate | undefined {
  const response = buffers?.response;
  if (response === "never") return undefined;
  const isObeyed = accel === "obeyed";
  const buffering = isObeyed ? firstOf(raw, "x-accel-buffering")?.toLowerCase() : undefined;
  const isOn = buffering === "yes" || (buffering !== "no" && response === "buffered");
  if (!isOn) return undefined;
  const said = isObeyed ? firstOf(raw, "x-accel-limit-rate") : undefined;
  if (said === undefined || !/^\d{1,15}$/.test(said)) return limitRate;
  const bytesPerSecond = Number(said);
  return bytesPerSecond === 0 ? undefined : { bytesPerSecond, afterBytes: limitRate?.afterBytes ?? 0 };
}
