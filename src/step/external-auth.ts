import type { HeaderLine } from "../model/decision.ts";
import type { AuthTarget, ExternalAuthGuard, ExternalAuthSettings } from "../model/guard.ts";
import { reason } from "../model/reason.ts";
import { hostName } from "../request/host.ts";
import { ownLocation } from "../request/own-location.ts";
import { fillVariables } from "../request/variables.ts";
import { hasRuleFor } from "../select/host.ts";
import { entryPointOf } from "../select/table.ts";
import type { Arrival } from "./arrival.ts";
import { type ClientCertificateStep, certificateLines } from "./client-certificate.ts";
import { type ForwardedChain, forwardedFor } from "./forwarded.ts";

export interface ExternalAuth {
  readonly kind: "external-auth";
  readonly settings: ExternalAuthSettings;
  readonly chain: ForwardedChain;
  readonly certificate?: Pick<ClientCertificateStep, "asked" | "passed"> | undefined;
}

/** The question to the service for one request (nginx.tmpl, `location = {{ $authPath }}`). */
export function questionTo(arrival: Arrival, auth: ExternalAuth): ExternalAuthGuard {
  const { settings } = auth;
  const name = locationName(arrival);
  const asked = askedAs(name, arrival);
  const url = fillVariables(settings.url, asked);
  const [, scheme, authority = "", rest = ""] = /^(https?):\/\/([^/?#]+)([^#]*)/i.exec(url) ?? [];
  const target = authTargetOf(arrival, scheme?.toLowerCase(), authority, url);
  const path = rest === "" ? name : rest.startsWith("/") ? rest : `/${rest}`;
  const method = settings.method ?? "GET";
  const passes = settings.asker === "auth_request" ? "2xx" : "200";
  // `$tmp_cache_key`: hosts and locations never share an answer, whatever the annotation says.
  const key = settings.cache && `${arrival.host.name}${name}${fillVariables(settings.cache.key, asked)}`;
  return {
    kind: "external-auth",
    settings,
    target,
    method,
    path,
    headers: headersFor(asked, auth),
    signin:
      settings.signin &&
      ownLocation(arrival.request, fillVariables(settings.signin, arrival), false).location,
    cache: settings.cache && key !== undefined ? { key, durations: settings.cache.durations } : undefined,
    why: reason(
      "external-auth",
      `${method} ${url} is asked, ${inWords(target)}: ${passes} lets the request in (${settings.named})`,
    ),
  };
}

/** Set over the client's headers, in template order; the body is not sent. */
function headersFor(arrival: Arrival, { settings, chain, certificate }: ExternalAuth): readonly HeaderLine[] {
  const { request } = arrival;
  const method: readonly HeaderLine[] =
    settings.method === undefined
      ? []
      : [
          ["X-Original-URI", request.target],
          ["X-Scheme", request.claims?.scheme ?? request.scheme],
        ];
  return [
    ["Content-Length", ""],
    ["X-Forwarded-Proto", ""],
    ...method,
    ["Host", fillVariables(settings.host, arrival)],
    ["X-Original-URL", `${request.scheme}://${request.host}${request.target}`],
    ["X-Original-Method", request.method],
    ["X-Sent-From", "nginx-ingress-controller"],
    ["X-Real-IP", request.remoteAddress],
    ["X-Forwarded-For", forwardedFor(request, chain)],
    ["X-Auth-Request-Redirect", settings.requestRedirect ?? request.target],
    ...(certificate === undefined ? [] : certificateLines(request, certificate)),
    ...settings.setHeaders.map(({ name, value }) => [name, fillVariables(value, arrival)] as const),
  ];
}

/**
 * nginx's location for the question; each half of a Prefix has one (template.go, buildAuthLocation). A URL
 * without path is asked for this one.
 */
function locationName({ location: { path, exact } }: Arrival): string {
  const encoded = Buffer.from(path, "latin1").toString("base64").replace(/=+$/, "");
  return `/_external-auth-${encoded.replaceAll("+", "-").replaceAll("/", "_")}-${exact ? "Exact" : "Prefix"}`;
}

/**
 * The request as its subrequest sees it: a path of its own and no query, so `$uri` is that path, and `$args`
 * and `$arg_…` are empty (ngx_http_core_module.c, ngx_http_subrequest).
 */
function askedAs(path: string, arrival: Arrival): Arrival {
  return { ...arrival, path: { ...arrival.path, path, query: "" }, captures: undefined };
}

const SERVICE = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc\.cluster\.local$/;

export function authTargetOf(
  { table, request }: Arrival,
  scheme: string | undefined,
  authority: string,
  url: string,
): AuthTarget {
  const named = /:(\d{1,5})$/.exec(authority)?.[1];
  const host = hostName(authority);
  if ((scheme !== "http" && scheme !== "https") || host === "")
    return { kind: "none", why: `${JSON.stringify(url)} is no URL that nginx asks` };
  const usual = scheme === "http" ? 80 : 443;
  const port = Number(named ?? usual);
  const [, service, namespace] = SERVICE.exec(host) ?? [];
  if (service !== undefined && namespace !== undefined)
    return { kind: "service", backend: { namespace, service, port: { number: port } }, scheme };
  // The cluster's own hosts are this proxy here.
  const ours = port === usual || port === request.ports[scheme];
  if (ours && hasRuleFor(entryPointOf(table, scheme).selection, host)) return { kind: "here", host, scheme };
  return { kind: "address", host: host.replace(/^\[|\]$/g, ""), port, scheme };
}

function inWords(target: AuthTarget): string {
  switch (target.kind) {
    case "service": {
      const { namespace, service, port } = target.backend;
      return `which is Service ${namespace}/${service}:${"number" in port ? port.number : port.name}`;
    }
    case "here":
      return "a host that is served here";
    case "address":
      return `found by DNS at port ${target.port}`;
    case "none":
      return "which cannot be done";
  }
}
