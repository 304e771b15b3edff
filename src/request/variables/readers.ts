import type { RequestFacts } from "../../model/decision.ts";
import type { Captures } from "../../model/pattern.ts";
import type { ReadPath } from "../../model/plane.ts";
import { type Backend, mainBackend, type Route } from "../../model/route.ts";
import { addressBytes } from "../address/address-bytes.ts";
import { serverName } from "../host.ts";
import { escapeComponent } from "../path.ts";

export interface VariableFacts {
  readonly request: RequestFacts;
  readonly path: ReadPath;
  readonly route: Partial<Pick<Route, "ingress" | "rule" | "action">>;
  /** Captures of the last match: the location's expression, or the rewrite's. */
  readonly captures?: Captures | undefined;
  /** The path after `rewrite-target`, for values used after the rewrite phase. */
  readonly rewritten?: { readonly path: string } | undefined;
}

export type VariableReader = (facts: VariableFacts) => string;

/**
 * Variables that a value may name: nginx's own about the request (ngx_http_variables.c), and those that
 * ingress-nginx sets in every location (nginx.tmpl, `set $namespace …`).
 */
export const READERS: ReadonlyMap<string, VariableReader> = new Map<string, VariableReader>([
  ["scheme", ({ request }) => request.scheme],
  ["pass_access_scheme", ({ request }) => request.claims?.scheme ?? request.scheme],
  ["https", ({ request }) => (request.scheme === "https" ? "on" : "")],
  ["host", ({ request }) => serverName(request) || "_"],
  ["http_host", ({ request }) => request.host],
  ["best_http_host", ({ request }) => request.claims?.host ?? request.host],
  ["server_port", portOf],
  ["pass_server_port", (facts) => facts.request.claims?.port ?? portOf(facts)],
  ["pass_port", (facts) => facts.request.claims?.port ?? portOf(facts)],
  ["request_method", ({ request }) => request.method],
  ["request", ({ request }) => `${request.method} ${request.target} HTTP/1.1`],
  ["server_protocol", () => "HTTP/1.1"],
  ["content_type", ({ request }) => request.header("content-type") ?? ""],
  ["content_length", ({ request }) => request.header("content-length") ?? ""],
  ["remote_user", ({ request }) => remoteUser(request.header("authorization"))],
  ["proxy_add_x_forwarded_for", forwardedForOf],
  ["server_name", ({ route }) => route.rule?.host || "_"],
  ["request_uri", ({ request }) => request.target],
  ["escaped_request_uri", ({ request }) => escapeComponent(request.target)],
  ["uri", uriOf],
  ["document_uri", uriOf],
  ["args", ({ path }) => path.query],
  ["query_string", ({ path }) => path.query],
  ["is_args", ({ path }) => (path.query === "" ? "" : "?")],
  ["remote_addr", ({ request }) => request.remoteAddress],
  ["binary_remote_addr", ({ request }) => addressBytes(request.remoteAddress)],
  ["the_real_ip", ({ request }) => request.remoteAddress],
  ["realip_remote_addr", ({ request }) => request.connectedFrom ?? request.remoteAddress],
  ["namespace", ({ route }) => route.ingress?.namespace ?? ""],
  ["ingress_name", ({ route }) => route.ingress?.name ?? ""],
  ["service_name", ({ route }) => mainBackend(route)?.service ?? ""],
  ["service_port", ({ route }) => servicePortText(route)],
  ["location_path", ({ route }) => route.rule?.path ?? "/"],
  ["proxy_upstream_name", ({ route }) => upstreamName(route)],
  ["proxy_host", ({ route }) => upstreamName(route)],
  ["literal_dollar", () => "$"],
]);

/** Families such as `$http_x_team`, `$cookie_user`, `$arg_page`; `read` gets the rest of the name. */
export const FAMILIES: readonly (readonly [
  prefix: string,
  read: (name: string, facts: VariableFacts) => string,
])[] = [
  ["http_", (name, { request }) => request.header(name.replaceAll("_", "-")) ?? ""],
  ["cookie_", (name, { request }) => fromPairs(request.header("cookie") ?? "", /;\s*/, name)],
  ["arg_", (name, { path }) => fromPairs(path.query, /&/, name)],
];

/** After a rewrite, `$uri` is the new path (ngx_http_script_regex_end_code). */
function uriOf({ path, rewritten }: VariableFacts): string {
  return rewritten?.path ?? path.path;
}

function forwardedForOf({ request }: VariableFacts): string {
  const before = request.header("x-forwarded-for");
  return before === undefined ? request.remoteAddress : `${before}, ${request.remoteAddress}`;
}

/** `$remote_user`: the basic authentication user, even where no password is required. */
export function remoteUser(authorization = ""): string {
  const [, credentials] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
  return credentials === undefined
    ? ""
    : (Buffer.from(credentials, "base64").toString("latin1").split(":")[0] ?? "");
}

/** The listener's port, so that links work here. The cluster's are 80 and 443. */
function portOf({ request }: VariableFacts): string {
  if (request.exact) return request.scheme === "https" ? "443" : "80";
  return String(request.ports[request.scheme]);
}

/** `$service_port` as the Ingress writes it; `""` without a Service. */
export function servicePortText(route: Partial<Pick<Route, "action">>): string {
  const backend = mainBackend(route);
  if (backend === undefined) return "";
  return "number" in backend.port ? String(backend.port.number) : backend.port.name;
}

function upstreamName(route: Partial<Pick<Route, "action">>): string {
  const backend = mainBackend(route);
  return backend === undefined ? "upstream-default-backend" : upstreamNameOf(backend);
}

/** The controller's name for a Service port's upstream: `default-web-80` (controller.go, upstreamName). */
export function upstreamNameOf({ namespace, service, port }: Backend): string {
  return `${namespace}-${service}-${"number" in port ? port.number : port.name}`;
}

/** The value of a name in pairs, ignoring case (ngx_http_arg, ngx_http_parse_multi_header_lines). */
export function fromPairs(text: string, separator: RegExp, name: string): string {
  for (const pair of text.split(separator)) {
    const equals = pair.indexOf("=");
    if (equals === name.length && pair.slice(0, equals).toLowerCase() === name.toLowerCase())
      return pair.slice(equals + 1);
  }
  return "";
}
