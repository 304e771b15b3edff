import type { RequestFacts } from "../model/decision.ts";
import type { Backend, Route } from "../model/route.ts";
import type { VariablePart, VariableText } from "../model/settings/variable-text.ts";
import { addressBytes } from "./address-bytes.ts";
import { hostName } from "./host.ts";
import { escapeComponent, type NormalisedPath } from "./path.ts";

/** What a variable can be asked of. */
export interface VariableFacts {
  readonly request: RequestFacts;
  readonly path: NormalisedPath;
  readonly route: Pick<Route, "ingress" | "backend" | "rule"> & Partial<Route>;
  /** Of the regular expression that matched last: the location's, or its rewrite's. */
  readonly captures?: readonly (string | undefined)[] | undefined;
}

/** A text that nginx would load, or the variable that it does not know: it refuses the whole configuration then. */
export type ParsedVariables =
  | { readonly kind: "parsed"; readonly text: VariableText }
  | { readonly kind: "unknown"; readonly variable: string };

type Reader = (facts: VariableFacts) => string;

/**
 * The variables that a value may name: nginx's own that say something of a request (ngx_http_variables.c), and those
 * that ingress-nginx sets in every location (nginx.tmpl, `set $namespace …`).
 */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["scheme", ({ request }) => request.scheme],
  ["pass_access_scheme", ({ request }) => request.claims?.scheme ?? request.scheme],
  ["https", ({ request }) => (request.scheme === "https" ? "on" : "")],
  ["host", ({ request }) => (request.host === "" ? "_" : hostName(request.host))],
  ["http_host", ({ request }) => request.host],
  ["best_http_host", ({ request }) => request.claims?.host ?? request.host],
  ["server_port", portOf],
  ["pass_server_port", (facts) => facts.request.claims?.port ?? portOf(facts)],
  ["pass_port", (facts) => facts.request.claims?.port ?? portOf(facts)],
  ["request_method", ({ request }) => request.method],
  ["request_uri", ({ request }) => request.target],
  ["escaped_request_uri", ({ request }) => escapeComponent(request.target)],
  ["uri", ({ path }) => path.path],
  ["document_uri", ({ path }) => path.path],
  ["args", ({ path }) => path.query],
  ["query_string", ({ path }) => path.query],
  ["is_args", ({ path }) => (path.query === "" ? "" : "?")],
  ["remote_addr", ({ request }) => request.remoteAddress],
  ["binary_remote_addr", ({ request }) => addressBytes(request.remoteAddress)],
  ["the_real_ip", ({ request }) => request.remoteAddress],
  ["realip_remote_addr", ({ request }) => request.connectedFrom ?? request.remoteAddress],
  ["namespace", ({ route }) => route.ingress?.namespace ?? ""],
  ["ingress_name", ({ route }) => route.ingress?.name ?? ""],
  ["service_name", ({ route }) => route.backend?.service ?? ""],
  ["service_port", ({ route }) => servicePortText(route)],
  ["location_path", ({ route }) => route.rule?.path ?? "/"],
  ["proxy_upstream_name", ({ route }) => upstreamName(route)],
  ["proxy_host", ({ route }) => upstreamName(route)],
  ["literal_dollar", () => "$"],
]);

/** Families that are asked by the rest of the name: `$http_x_team`, `$cookie_user`, `$arg_page`. */
const FAMILIES: readonly (readonly [prefix: string, read: (name: string, facts: VariableFacts) => string])[] =
  [
    ["http_", (name, { request }) => request.header(name.replaceAll("_", "-")) ?? ""],
    ["cookie_", (name, { request }) => fromPairs(request.header("cookie") ?? "", /;\s*/, name)],
    ["arg_", (name, { path }) => fromPairs(path.query, /&/, name)],
  ];

/** `$1`, `$name`, `${name}` (ngx_http_script_compile). */
const VARIABLE = /\$(?:([1-9])|(\w+)|\{(\w+)\}|)/g;

/**
 * Reads the variables out of a value once, so that a request only puts it together.
 *
 * `named`: groups of a regular expression that the value stands beside; they may be named as variables too.
 */
export function parseVariables(source: string, named: readonly string[] = []): ParsedVariables {
  const parts: VariablePart[] = [];
  let end = 0;
  for (const found of source.matchAll(VARIABLE)) {
    const [whole, digit, bare, braced] = found;
    if (found.index > end) parts.push(source.slice(end, found.index));
    end = found.index + whole.length;
    const variable = bare ?? braced ?? "";
    if (digit !== undefined) parts.push({ capture: Number(digit) });
    else if (named.includes(variable) || isVariable(variable)) parts.push({ variable });
    else return { kind: "unknown", variable: `$${variable}` };
  }
  if (end < source.length) parts.push(source.slice(end));
  return { kind: "parsed", text: { source, parts } };
}

/** Whether nginx knows a variable by this name, without its `$`. */
export function isVariable(variable: string): boolean {
  return (
    READERS.has(variable) ||
    FAMILIES.some(([prefix]) => variable.startsWith(prefix) && variable.length > prefix.length)
  );
}

/** The value for one request. A capture that took no part is empty, as nginx has it. */
export function fillVariables(text: VariableText, facts: VariableFacts): string {
  let filled = "";
  for (const part of text.parts) filled += typeof part === "string" ? part : partOf(part, facts);
  return filled;
}

/** What one variable, or one capture, holds; `""` for none. */
export function partOf(part: Exclude<VariablePart, string>, facts: VariableFacts): string {
  if ("capture" in part) return facts.captures?.[part.capture] ?? "";
  const reader = READERS.get(part.variable);
  if (reader !== undefined) return reader(facts);
  for (const [prefix, read] of FAMILIES)
    if (part.variable.startsWith(prefix)) return read(part.variable.slice(prefix.length), facts);
  return "";
}

/** The cluster's ports are 80 and 443; here they are the listeners', so that what is made of them works. */
function portOf({ request }: VariableFacts): string {
  if (request.exact) return request.scheme === "https" ? "443" : "80";
  return String(request.ports[request.scheme]);
}

/** `$service_port`: as the Ingress names it; `""` where there is no Service. */
export function servicePortText({ backend }: Pick<Route, "backend">): string {
  if (backend === undefined) return "";
  return "number" in backend.port ? String(backend.port.number) : backend.port.name;
}

/** `upstream-default-backend` where there is no Service. */
function upstreamName({ backend }: Pick<Route, "backend">): string {
  return backend === undefined ? "upstream-default-backend" : upstreamNameOf(backend);
}

/** The controller's name for the upstream of a Service port: `default-web-80` (controller.go, upstreamName). */
export function upstreamNameOf({ namespace, service, port }: Backend): string {
  return `${namespace}-${service}-${"number" in port ? port.number : port.name}`;
}

/** The value of a pair, its name compared without regard to case (ngx_http_arg, ngx_http_parse_multi_header_lines). */
export function fromPairs(text: string, separator: RegExp, name: string): string {
  for (const pair of text.split(separator)) {
    const equals = pair.indexOf("=");
    if (equals === name.length && pair.slice(0, equals).toLowerCase() === name.toLowerCase())
      return pair.slice(equals + 1);
  }
  return "";
}
