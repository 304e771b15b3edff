import { closest } from "../../../closest.ts";
import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../../model/controller.ts";
import type { ConfigMap } from "../../../model/resource.ts";
import { RISKS, type Risk } from "../documented.ts";
import type { ConfigData } from "./data.ts";
import { readForwarded } from "./forwarded.ts";
import { addedHeaders, setHeaders } from "./headers.ts";
import { ANNOTATION_DEFAULTS, INVISIBLE, NOT_HONOURED } from "./names.ts";

/** What the options do while Ingresses are compiled. */
export interface CompileTimeOptions {
  /** `annotations-risk-level`: annotations that are riskier leave their Ingress unserved. */
  readonly riskLevel: Risk;
  /** `allow-snippet-annotations`: without it no snippet is taken, whatever the risk level. */
  readonly snippets: "allowed" | "refused";
  /** `strict-validate-path-type`: whether the admission webhook looks at the characters of paths. */
  readonly strictPathTypes: "on" | "off";
  /** `allow-cross-namespace-resources`: whether annotations may name Secrets and ConfigMaps of other namespaces. */
  readonly crossNamespace: "allowed" | "refused";
  /** `global-allowed-response-headers`: what `custom-headers` may set. */
  readonly allowedResponseHeaders: readonly string[];
  /** `limit-req-status-code`, `limit-conn-status-code`. */
  readonly limitStatus: { readonly rate: number; readonly connections: number };
  /** `global-auth-url` and its kin, as written, by their names. */
  readonly globalAuth: ReadonlyMap<string, string>;
}

/** A controller whose ConfigMap says nothing. */
export const DEFAULT_COMPILE_TIME_OPTIONS: CompileTimeOptions = {
  riskLevel: "High",
  snippets: "refused",
  strictPathTypes: "on",
  crossNamespace: "refused",
  allowedResponseHeaders: [],
  limitStatus: { rate: 503, connections: 503 },
  globalAuth: new Map(),
};

/** `global-auth-snippet` is no option that could be honoured. What each may hold: template/configmap.go, ReadConfig. */
const GLOBAL_AUTH: ReadonlyMap<string, readonly [pattern: RegExp, what: string]> = new Map([
  ["global-auth-url", [/^[a-z][a-z0-9+.-]*:\/\/(?!.*\.\.)[^/?]+/i, "a URL with a scheme and a host"]],
  ["global-auth-method", [/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE)$/, "an HTTP method"]],
  ["global-auth-signin", [/^[a-z][a-z0-9+.-]*:\/\/(?!.*\.\.)[^/?]+/i, "a URL with a scheme and a host"]],
  ["global-auth-signin-redirect-param", [/^[\w.~-]+$/, "the name of a query parameter"]],
  ["global-auth-response-headers", [/^[\w\-, ]*$/, "a list of header names"]],
  ["global-auth-request-redirect", [/^/, "a URL"]],
  ["global-auth-cache-key", [/^/, "a text with nginx's variables"]],
  [
    "global-auth-cache-duration",
    [/^(?: *(?:\d{3} +)*\d+(?:ms|[smhdwMy]) *(?:,|$))*$/, "statuses and a time, such as 200 202 10m"],
  ],
  ["global-auth-always-set-cookie", [/^(?:true|false)$/, '"true" or "false"']],
  ["no-auth-locations", [/^/, "a list of paths"]],
]);

/** Every option that this file, `forwarded.ts` and `headers.ts` read. */
const READ: readonly string[] = [
  ...GLOBAL_AUTH.keys(),
  "add-headers",
  "allow-cross-namespace-resources",
  "allow-snippet-annotations",
  "annotations-risk-level",
  "compute-full-forwarded-for",
  "enable-real-ip",
  "forwarded-for-header",
  "global-allowed-response-headers",
  "hide-headers",
  "hsts",
  "hsts-include-subdomains",
  "hsts-max-age",
  "hsts-preload",
  "http-redirect-code",
  "limit-conn-status-code",
  "limit-req-status-code",
  "no-tls-redirect-locations",
  "proxy-add-original-uri-header",
  "proxy-real-ip-cidr",
  "proxy-set-headers",
  "server-tokens",
  "strict-validate-path-type",
  "use-forwarded-headers",
  "use-http2",
];

/** Every option that is honoured, in the order of the alphabet: what the documentation lists. */
export const HONOURED_OPTIONS: readonly string[] = [...READ, ...ANNOTATION_DEFAULTS].sort();

/** A problem for each key that is misspelt, or that the cluster honours and ingress-dev does not. */
export function judgeNames(data: ConfigData): void {
  const known = [...HONOURED_OPTIONS, ...NOT_HONOURED.keys(), ...INVISIBLE];
  for (const key of data.keys()) {
    const reason = NOT_HONOURED.get(key);
    if (reason !== undefined) data.notHonoured(key, reason);
    else if (!known.includes(key)) data.unknown(key, closest(key, known));
  }
}

/** What the ConfigMap says for the compilation. */
export function readCompileTimeOptions(data: ConfigData): CompileTimeOptions {
  const preset = DEFAULT_COMPILE_TIME_OPTIONS;
  const level = data.allowed("annotations-risk-level", /^(?:Low|Medium|High|Critical)$/, RISKS.join(", "));
  const globalAuth = [...GLOBAL_AUTH].flatMap(([key, [pattern, what]]) => {
    const value = data.allowed(key, pattern, what);
    return value === undefined || value === "" ? [] : [[key, value] as const];
  });
  return {
    riskLevel: RISKS.find((risk) => risk === level) ?? preset.riskLevel,
    snippets: data.boolean("allow-snippet-annotations") === true ? "allowed" : "refused",
    strictPathTypes: data.boolean("strict-validate-path-type") === false ? "off" : "on",
    crossNamespace: data.boolean("allow-cross-namespace-resources") === true ? "allowed" : "refused",
    allowedResponseHeaders: data.list("global-allowed-response-headers") ?? preset.allowedResponseHeaders,
    limitStatus: {
      rate: status(data, "limit-req-status-code") ?? preset.limitStatus.rate,
      connections: status(data, "limit-conn-status-code") ?? preset.limitStatus.connections,
    },
    globalAuth: new Map(globalAuth),
  };
}

/** What the ConfigMap says for every request. */
export function readControllerOptions(
  data: ConfigData,
  configMaps: ReadonlyMap<string, ConfigMap>,
): ControllerOptions {
  const preset = DEFAULT_CONTROLLER_OPTIONS;
  const what = "301, 302, 307 or 308";
  const redirectStatus = data.allowed("http-redirect-code", /^30[1278]$/, what);
  const hidden = data.list("hide-headers")?.map((name) => name.toLowerCase());
  return {
    hsts: hsts(data),
    redirectStatus: redirectStatus === undefined ? preset.redirectStatus : Number(redirectStatus),
    noTlsRedirect: data.list("no-tls-redirect-locations") ?? preset.noTlsRedirect,
    forwarded: readForwarded(data),
    responseHeaders: addedHeaders(data, configMaps),
    requestHeaders: setHeaders(data, configMaps),
    hiddenHeaders: hidden === undefined || hidden.length === 0 ? undefined : hidden,
    http2: data.boolean("use-http2") === false ? "off" : "on",
    serverTokens: data.boolean("server-tokens") === true ? "on" : "off",
    client: preset.client,
  };
}

/** lua_ingress.lua, header(). */
function hsts(data: ConfigData): string | undefined {
  if (data.boolean("hsts") === false) return undefined;
  const age = data.allowed("hsts-max-age", /^\d+$/, "a number of seconds") ?? "31536000";
  const subdomains = data.boolean("hsts-include-subdomains") === false ? "" : "; includeSubDomains";
  const preload = data.boolean("hsts-preload") === true ? "; preload" : "";
  return `max-age=${age}${subdomains}${preload}`;
}

/** nginx takes 400 to 599 (ngx_http_limit_req_module.c, ngx_http_limit_req_status_bounds). */
function status(data: ConfigData, key: string): number | undefined {
  const value = data.allowed(key, /^[45]\d\d$/, "a status from 400 to 599");
  return value === undefined ? undefined : Number(value);
}
