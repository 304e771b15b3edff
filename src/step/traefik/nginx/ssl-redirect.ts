import { reason } from "../../../model/reason.ts";
import type { Arrival } from "../../arrival.ts";
import type { Change } from "../../change.ts";
import { goLocation } from "../go-location.ts";
import { sentTarget } from "../sent-target.ts";

/** http to https at the same host, path and query: `force-ssl-redirect`, and `ssl-redirect` beside `tls:`. */
export interface SslRedirectStep {
  readonly kind: "ssl-redirect";
  /** `spec.tls of Ingress default/web` */
  readonly named: string;
}

const STATUS = 308;

/** Name, port, and what neither is (redirect_scheme.go, uriPattern). */
const HOST = /^(\[[\w:.]+\]|[\w.-]+)?(?::\d+)?(.*)$/s;

/** A client's X-Forwarded-Proto is not believed. */
export function redirectToTls(at: Arrival, { named }: SslRedirectStep): Change | undefined {
  const { request, route } = at;
  if (request.scheme === "https") return undefined;
  const sent = request.authority ?? request.host;
  const [, host = "", odd = ""] = HOST.exec(sent) ?? [];
  const production = goLocation(`https://${host}${odd}${sentTarget(at)}`);
  if (production === undefined) {
    const text = `${named} sends http to https, but ${JSON.stringify(sent)} makes no URL`;
    return {
      decision: { kind: "respond", status: 502, route, why: [reason("ssl-redirect", text), ...route.why] },
    };
  }
  const location = request.exact ? production : `https://${host}:${request.ports.https}${sentTarget(at)}`;
  const why = [reason("ssl-redirect", `${named} sends http to https`), ...route.why];
  const cluster = request.exact ? undefined : production;
  return { decision: { kind: "redirect", status: STATUS, location, production: cluster, route, why } };
}
