import type { Addresses } from "../../../model/addresses.ts";
import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../../model/controller.ts";
import type { ConfigMap } from "../../../model/resource.ts";
import type { ByName } from "../../world.ts";
import { RISKS, type Risk } from "../annotations/documented.ts";
import { nginxAddresses } from "./address-list.ts";
import { readBlockedClients, readBlockedWords, readBlocks } from "./blocks.ts";
import { readClientOptions } from "./client.ts";
import type { ConfigData } from "./data.ts";
import { readErrorCodes } from "./error-codes.ts";
import { readForwarded, readOriginals } from "./forwarded.ts";
import { readGlobalAuth } from "./global-auth-options.ts";
import { goAtoi } from "./go-values.ts";
import { headersEverywhere, setHeaders } from "./headers.ts";
import { readTlsTerms } from "./tls.ts";

export interface CompileTimeOptions {
  /** `annotations-risk-level`: a riskier annotation leaves its Ingress unserved. */
  readonly riskLevel: Risk;
  /** `allow-snippet-annotations`: if off, snippets are refused at any risk level. */
  readonly snippets: "allowed" | "refused";
  /** `strict-validate-path-type`: the admission webhook checks the characters of paths. */
  readonly strictPathTypes: "on" | "off";
  /** `allow-cross-namespace-resources`: annotations may name Secrets and ConfigMaps of other namespaces. */
  readonly crossNamespace: "allowed" | "refused";
  /** `global-allowed-response-headers`: the names that `custom-headers` may set. */
  readonly allowedResponseHeaders: readonly string[];
  /** `limit-req-status-code`, `limit-conn-status-code`. */
  readonly limitStatus: { readonly rate: number; readonly connections: number };
  /** `global-auth-url` and its options as written, by name. */
  readonly globalAuth: ReadonlyMap<string, string>;
  /** `custom-http-errors`; `intercept`: also for a backend's statuses (`disable-proxy-intercept-errors`). */
  readonly errors: { readonly codes: readonly number[]; readonly intercept: boolean };
  /** `retry-non-idempotent`: POST, LOCK and PATCH may also be retried. */
  readonly retries: "idempotent" | "all";
  readonly blockedWords: readonly string[];
  /** `block-cidrs`: denied at every location without address lists of its own. */
  readonly blockedClients?: Addresses | undefined;
}

export const DEFAULT_COMPILE_TIME_OPTIONS: CompileTimeOptions = {
  riskLevel: "High",
  snippets: "refused",
  strictPathTypes: "on",
  crossNamespace: "refused",
  allowedResponseHeaders: [],
  limitStatus: { rate: 503, connections: 503 },
  globalAuth: new Map(),
  errors: { codes: [], intercept: true },
  retries: "idempotent",
  blockedWords: [],
};

export function readCompileTimeOptions(data: ConfigData): CompileTimeOptions {
  const preset = DEFAULT_COMPILE_TIME_OPTIONS;
  return {
    riskLevel: riskLevel(data),
    snippets: data.boolean("allow-snippet-annotations") === true ? "allowed" : "refused",
    strictPathTypes: data.boolean("strict-validate-path-type") === false ? "off" : "on",
    crossNamespace: data.boolean("allow-cross-namespace-resources") === true ? "allowed" : "refused",
    allowedResponseHeaders: data.list("global-allowed-response-headers") ?? preset.allowedResponseHeaders,
    limitStatus: {
      rate: data.integer("limit-req-status-code") ?? preset.limitStatus.rate,
      connections: data.integer("limit-conn-status-code") ?? preset.limitStatus.connections,
    },
    globalAuth: readGlobalAuth(data),
    errors: {
      codes: readErrorCodes(data),
      intercept: data.boolean("disable-proxy-intercept-errors") !== true,
    },
    retries: data.boolean("retry-non-idempotent") === true ? "all" : "idempotent",
    blockedWords: readBlockedWords(data),
    blockedClients: readBlockedClients(data),
  };
}

/** Any other word means the lowest level (annotations/parser, StringRiskToRisk). */
function riskLevel(data: ConfigData): Risk {
  const key = "annotations-risk-level";
  const written = data.text(key);
  if (written === undefined) return DEFAULT_COMPILE_TIME_OPTIONS.riskLevel;
  const known = RISKS.find((risk) => risk === written);
  if (known !== undefined) return known;
  const what = `"${written}" is none of ${RISKS.join(", ")}: the controller takes it for Low, and serves no Ingress with a riskier annotation`;
  data.surprising(key, what, `Write ${RISKS.join(", ")}, in these letters.`);
  return "Low";
}

export function readControllerOptions(data: ConfigData, configMaps: ByName<ConfigMap>): ControllerOptions {
  const preset = DEFAULT_CONTROLLER_OPTIONS;
  return {
    hsts: hsts(data),
    redirectStatus: redirectStatus(data) ?? preset.redirectStatus,
    noTlsRedirect: data.list("no-tls-redirect-locations")?.filter(Boolean) ?? preset.noTlsRedirect,
    forwarded: readForwarded(data),
    originals: readOriginals(data),
    everywhere: headersEverywhere(data, configMaps),
    requestHeaders: setHeaders(data, configMaps),
    tls: readTlsTerms(data),
    http2: data.boolean("use-http2") === false ? "off" : "on",
    client: readClientOptions(data),
    blocked: readBlocks(data),
    defaultType: data.text("default-type")?.trim(),
    statusShownTo: statusShownTo(data),
    strangers: data.boolean("ssl-reject-handshake") === true ? "rejected" : undefined,
    backendServer: backendServer(data),
  };
}

/** lua_ingress.lua, header(). The age is sent as written. */
function hsts(data: ConfigData): string | undefined {
  if (data.boolean("hsts") === false) return undefined;
  const age = data.text("hsts-max-age") ?? "31536000";
  if (!/^\d+$/.test(age))
    data.surprising(
      "hsts-max-age",
      `"${age}" is not a number of seconds: the controller sends it as it is, and browsers pass the header over`,
      "Write a number of seconds.",
    );
  const subdomains = data.boolean("hsts-include-subdomains") === false ? "" : "; includeSubDomains";
  const preload = data.boolean("hsts-preload") === true ? "; preload" : "";
  const written = age.replace(/[\x00-\x1f\x7f]|[^\x00-\xff]/gu, encodeURIComponent);
  return `max-age=${written}${subdomains}${preload}`;
}

/**
 * `Server` is removed again after `proxy_pass_header` while `server-tokens` is off (nginx.tmpl; measured).
 */
function backendServer(data: ConfigData): ControllerOptions["backendServer"] {
  const key = "allow-backend-server-header";
  if (data.boolean(key) !== true) return undefined;
  if (data.boolean("server-tokens") === true) return "passed";
  const what =
    "a backend's Server is not sent all the same: the controller takes it away while server-tokens is off";
  data.surprising(key, what, 'Set server-tokens: "true" as well.');
  return undefined;
}

/** An address family without entries admits its own loopback address (config.go). */
function statusShownTo(data: ConfigData): Addresses | undefined {
  const four = data.list("nginx-status-ipv4-whitelist");
  const six = data.list("nginx-status-ipv6-whitelist");
  if (four === undefined && six === undefined) return undefined;
  return nginxAddresses([...(four ?? ["127.0.0.1"]), ...(six ?? ["::1"])]);
}

/** ReadConfig takes only decimal digits, and only four statuses. */
function redirectStatus(data: ConfigData): number | undefined {
  const key = "http-redirect-code";
  const written = data.text(key);
  const status = written === undefined ? undefined : goAtoi(written);
  if (written === undefined || [301, 302, 307, 308].includes(status ?? 0)) return status;
  data.ignored(key, `"${written}" is not 301, 302, 307 or 308`, "Write 301, 302, 307 or 308.");
  return undefined;
}
