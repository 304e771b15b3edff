import { type JsonObject, jsonFields, jsonItems, jsonNumber, jsonString } from "../../../model/json.ts";
import type {
  NextUpstream,
  NextUpstreamCondition,
  PemPair,
  Transport,
} from "../../../model/route/transport.ts";
import { withClientPair } from "../backends/backend-tls.ts";
import type { Resolved } from "../backends.ts";
import type { TranslatedRule } from "../rules.ts";
import { millisecondsOf } from "./durations.ts";

/** Envoy's own. */
const DEFAULT_TIMEOUT_MS = 15_000;
/** For a timeout of 0, which means none: longer than any client waits. */
export const NO_TIMEOUT_MS = 86_400_000;
export const CONNECT_TIMEOUT_MS = 10_000;

/** The way to a rule's backends. `policy`: the BackendTrafficPolicy in force */
export function transportOf(rule: TranslatedRule, policy: JsonObject): Transport {
  const { timeouts, retry } = rule.fields;
  const ms = timeoutOf(jsonFields(timeouts), retry !== undefined, policy);
  const waited = ms === 0 ? NO_TIMEOUT_MS : ms;
  return {
    protocol: rule.route.kind === "GRPCRoute" ? "GRPC" : "HTTP",
    bodyLimit: 0,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    readTimeoutMs: waited,
    sendTimeoutMs: waited,
    nextUpstream:
      retry === undefined
        ? policyRetries(jsonFields(policy.retry), policy.retry !== undefined)
        : routeRetries(jsonFields(retry)),
  };
}

/** The way to one backend. `pair`: the Gateway's own certificate. `undefined`: it is the rule's */
export function transportTo(
  { port, tls }: Pick<Extract<Resolved, { kind: "valid" }>, "port" | "tls">,
  usual: Transport,
  pair: PemPair | undefined,
): Transport | undefined {
  const isHttp2 = usual.protocol === "GRPC" || port?.appProtocol === "kubernetes.io/h2c";
  if (tls !== undefined)
    return { ...usual, protocol: isHttp2 ? "GRPCS" : "HTTPS", tls: withClientPair(tls, pair) };
  return isHttp2 && usual.protocol !== "GRPC" ? { ...usual, protocol: "GRPC" } : undefined;
}

/** Without retries a timeout of each try replaces the one of the request; with them the shorter ends first. */
function timeoutOf({ request, backendRequest }: JsonObject, retries: boolean, policy: JsonObject): number {
  const [whole, each] = [millisecondsOf(jsonString(request)), millisecondsOf(jsonString(backendRequest))];
  if (each !== undefined) return retries && whole !== undefined ? Math.min(whole, each) : each;
  const { http } = jsonFields(policy.timeout);
  return whole ?? millisecondsOf(jsonString(jsonFields(http).requestTimeout)) ?? DEFAULT_TIMEOUT_MS;
}

const STATUSES: ReadonlySet<string> = new Set([
  "http_403",
  "http_404",
  "http_429",
  "http_500",
  "http_502",
  "http_503",
  "http_504",
]);

function isCondition(text: string): text is NextUpstreamCondition {
  return STATUSES.has(text);
}

/** `codes` replace 503; a connection that fails is always tried again, one that ends early never. */
function routeRetries({ attempts, codes }: JsonObject): NextUpstream {
  const listed = jsonItems(codes).map((code) => `http_${String(code)}`);
  const statuses: readonly string[] = listed.length === 0 ? ["http_503"] : listed;
  return {
    conditions: new Set<NextUpstreamCondition>([
      "unreached",
      "non_idempotent",
      ...statuses.filter(isCondition),
    ]),
    tries: (jsonNumber(attempts) ?? 2) + 1,
    timeoutMs: 0,
  };
}

/** Envoy counts a connection that ends early as a 5xx (retry_state_impl.cc, wouldRetryFromReset). */
const TRIGGERS: ReadonlyMap<unknown, readonly NextUpstreamCondition[]> = new Map([
  ["5xx", ["error", "http_500", "http_502", "http_503", "http_504"]],
  ["gateway-error", ["error", "http_502", "http_503", "http_504"]],
  ["reset", ["error"]],
  ["connect-failure", ["unreached"]],
] as const);

function policyRetries({ numRetries, retryOn }: JsonObject, isSet: boolean): NextUpstream | undefined {
  if (!isSet) return undefined;
  const { triggers, httpStatusCodes } = jsonFields(retryOn);
  const named = jsonItems(triggers).flatMap((trigger) => TRIGGERS.get(trigger) ?? []);
  const statuses = jsonItems(httpStatusCodes)
    .map((code) => `http_${String(code)}`)
    .filter(isCondition);
  const usual = retryOn === undefined ? (["unreached", "http_503"] as const) : [];
  return {
    conditions: new Set<NextUpstreamCondition>(["non_idempotent", ...named, ...usual, ...statuses]),
    tries: (jsonNumber(numRetries) ?? 2) + 1,
    timeoutMs: 0,
  };
}
