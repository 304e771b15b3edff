import type { ControllerOptions } from "../model/controller.ts";
import type { Decision, RequestFacts } from "../model/decision.ts";
import { type Reason, reason } from "../model/reason.ts";
import { hasAddress } from "../request/address/address-list.ts";

const HEALTH = "/healthz";

/** stub_status of an idle controller (ngx_http_stub_status_module.c). */
const IDLE =
  "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n";

/**
 * The answer at a path that the controller reserves on unnamed hosts: a health check, or nginx's status for
 * this machine (nginx.tmpl, `location /healthz` and `location /nginx_status` of the server `_`).
 */
export function ownPath(
  path: string,
  options: ControllerOptions,
  { remoteAddress, method }: RequestFacts,
): Decision {
  if (path === HEALTH)
    return said(
      "",
      options.defaultType ?? "text/html",
      reason("health-check", "the controller answers health checks"),
    );
  if (isShown(options, remoteAddress)) {
    const why = reason("nginx-status", "the controller shows nginx's status");
    // ngx_http_stub_status_handler knows no other methods.
    if (method !== "GET" && method !== "HEAD") return { kind: "respond", status: 405, why: [why] };
    return said(IDLE, "text/plain", why);
  }
  const why = `the controller shows nginx's status to this machine alone, and the client's address is ${remoteAddress}`;
  return { kind: "respond", status: 403, why: [reason("nginx-status", why)] };
}

function isShown({ statusShownTo }: ControllerOptions, address: string): boolean {
  if (statusShownTo !== undefined) return hasAddress(statusShownTo, address);
  return address === "127.0.0.1" || address === "::1";
}

function said(text: string, type: string, why: Reason): Decision {
  return { kind: "respond", status: 200, text, responseHeaders: [["Content-Type", type]], why: [why] };
}
