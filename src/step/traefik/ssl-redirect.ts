import { reason } from "../../model/reason.ts";
import { withoutPort } from "../../request/host.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { sentTarget } from "./sent-target.ts";

/** http to https at the same host, path and query: `force-ssl-redirect`, and `ssl-redirect` beside `tls:`. */
export interface SslRedirectStep {
  readonly kind: "ssl-redirect";
  /** `spec.tls of Ingress default/web` */
  readonly named: string;
}

const STATUS = 308;

/** A client's X-Forwarded-Proto is not believed. */
export function redirectToTls(at: Arrival, { named }: SslRedirectStep): Change | undefined {
  const { request, route } = at;
  if (request.scheme === "https") return undefined;
  const host = withoutPort(request.authority ?? request.host);
  const production = `https://${host}${sentTarget(at)}`;
  const location = request.exact ? production : `https://${host}:${request.ports.https}${sentTarget(at)}`;
  const why = [reason("ssl-redirect", `${named} sends http to https`), ...route.why];
  const cluster = request.exact ? undefined : production;
  return { decision: { kind: "redirect", status: STATUS, location, production: cluster, route, why } };
}
