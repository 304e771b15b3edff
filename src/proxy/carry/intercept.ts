import type { ForwardDecision, HeaderLine } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import { fallbackFor } from "../../step/action/fallback.ts";
import { isReplaced } from "../../step/error-pages.ts";
import type { LocalReply } from "../exchange/answering.ts";

/** True if the status does not reach the client: `proxy_intercept_errors on` with an `error_page` for it, or a fallback. */
export function isIntercepted(decision: ForwardDecision, status: number): boolean {
  return fallbackFor(decision, status) !== undefined || isReplaced(decision.route, status);
}

/**
 * The backend's status without body. Of its headers only `WWW-Authenticate` stays
 * (ngx_http_upstream_intercept_errors).
 */
export function interceptedAnswer(
  { backend, why }: ForwardDecision,
  status: number,
  raw: readonly (Buffer | string)[],
): LocalReply {
  const headers: HeaderLine[] = [];
  for (let i = 0; status === 401 && i + 1 < raw.length; i += 2) {
    const name = String(raw[i]);
    if (name.toLowerCase() === "www-authenticate") headers.push([name, raw[i + 1]?.toString("latin1") ?? ""]);
  }
  const said = `the Service ${backend.namespace}/${backend.service} answered ${status}`;
  return { status, why: [reason("error-page", said), ...why], headers, madeBy: "backend" };
}
