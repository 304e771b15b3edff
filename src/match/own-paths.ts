import type { ControllerOptions } from "../model/controller.ts";
import type { Decision, RequestFacts } from "../model/decision.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { Host, RouteTable } from "../model/route.ts";
import type { NormalisedPath } from "../request/path.ts";
import { holds } from "./access.ts";

const HEALTH = "/healthz";
const STATUS = "/nginx_status";

/** The words of stub_status at a controller that nobody else asks anything (ngx_http_stub_status_module.c). */
const IDLE =
  "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n";

/**
 * The paths that the controller keeps for itself at hosts that nobody names: a health check, and the status of nginx for
 * this machine (nginx.tmpl, `location /healthz` and `location /nginx_status` of the server `_`). Like any prefix they give
 * way to a longer one, to an exact path, and to expressions.
 */
export function ownPath(
  { controller, defaultHost, options }: RouteTable,
  host: Host,
  { path }: NormalisedPath,
  { remoteAddress, method }: RequestFacts,
): Decision | undefined {
  if (controller !== "ingress-nginx" || host !== defaultHost || host.regex) return undefined;
  const own = [HEALTH, STATUS].find((prefix) => path.startsWith(prefix));
  if (own === undefined || host.exact.has(path) || hasLonger(host, path, own.length)) return undefined;
  if (own === HEALTH)
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

function hasLonger({ prefix, prefixLengths }: Host, path: string, length: number): boolean {
  return prefixLengths.some((size) => size > length && prefix.has(path.slice(0, size)));
}

function isShown({ statusShownTo }: ControllerOptions, address: string): boolean {
  if (statusShownTo !== undefined) return holds(statusShownTo, address);
  return address === "127.0.0.1" || address === "::1";
}

function said(text: string, type: string, why: Reason): Decision {
  return { kind: "respond", status: 200, text, responseHeaders: [["Content-Type", type]], why: [why] };
}
