import type {
  FollowedRedirects,
  NextUpstream,
  NextUpstreamCondition,
  Transport,
  UpstreamTls,
} from "../../model/route/transport.ts";
import type { Spoken } from "./objects.ts";

/** As long as a request may take without a limit. */
const DAY_MS = 86_400_000;
export const DEFAULT_TIMEOUT_MS = 15_000;
export const DEFAULT_CONNECT_MS = 2_000;
/** Of a stream (`stream_idle_timeout`). */
export const DEFAULT_IDLE_MS = 300_000;

/** Tries after the first (`num_retries`), by Envoy's words. */
export interface Retries {
  readonly on: readonly string[];
  readonly many: number;
  readonly perTryMs?: number | undefined;
  readonly statuses?: readonly number[] | undefined;
}

interface Further {
  readonly retries?: Retries | undefined;
  /** default: Envoy's. `undefined` where it is said: none */
  readonly idleMs?: number | undefined;
  readonly tls?: UpstreamTls | undefined;
  readonly redirects?: FollowedRedirects | undefined;
  /** default: Contour's */
  readonly connectMs?: number | undefined;
}

/** `timeoutMs` `undefined`: none */
export function contourTransport(
  spoken: Spoken,
  timeoutMs: number | undefined = DAY_MS,
  further: Further = { idleMs: DEFAULT_IDLE_MS },
): Transport {
  const { retries, idleMs = DAY_MS, tls, redirects, connectMs = DEFAULT_CONNECT_MS } = further;
  return {
    protocol: spokenProtocol(spoken),
    ...{ tls, redirects },
    bodyLimit: 0,
    connectTimeoutMs: connectMs,
    readTimeoutMs: Math.min(timeoutMs, retries?.perTryMs ?? timeoutMs, idleMs),
    sendTimeoutMs: Math.min(timeoutMs, idleMs),
    idleTimeoutMs: idleMs,
    toldTimeoutMs: toldTimeout(timeoutMs, retries?.perTryMs),
    nextUpstream: retries && nextUpstreamOf(retries, timeoutMs),
  };
}

/** Of one try, or of all (source/common/router/router.cc, setTimeoutHeaders). */
function toldTimeout(timeoutMs: number, perTryMs = 0): number | undefined {
  const told = Math.round(perTryMs > 0 ? Math.min(perTryMs, timeoutMs) : timeoutMs);
  return told > 0 && told < DAY_MS ? told : undefined;
}

export function spokenProtocol(spoken: Spoken): Transport["protocol"] {
  return PROTOCOLS[spoken];
}

const PROTOCOLS = { "": "HTTP", tls: "HTTPS", h2: "GRPCS", h2c: "GRPC" } as const;

/** Envoy's words for what is tried again; those that it does not know do nothing. */
const CONDITIONS: ReadonlyMap<string, readonly NextUpstreamCondition[]> = new Map([
  ["5xx", ["error", "timeout", ...Array.from({ length: 100 }, (_, at) => `http_${500 + at}` as const)]],
  ["gateway-error", ["http_502", "http_503", "http_504"]],
  ["reset", ["error", "timeout"]],
  ["connect-failure", ["error"]],
  ["retriable-4xx", ["http_409"]],
]);

function nextUpstreamOf({ on, many, statuses = [] }: Retries, timeoutMs: number): NextUpstream {
  const conditions = new Set<NextUpstreamCondition>(["non_idempotent"]);
  for (const word of on) for (const condition of CONDITIONS.get(word.trim()) ?? []) conditions.add(condition);
  if (on.includes("retriable-status-codes")) for (const status of statuses) conditions.add(`http_${status}`);
  return { conditions, tries: many + 1, timeoutMs };
}

/**
 * A Go duration. `undefined`: none at all (`infinity`). Negative ones are returned as they are. unit: ms
 *
 * @param fallback for an absent, zero or unreadable one
 */
export function timeoutMs(text: string | undefined, fallback: number | undefined): number | undefined {
  if (text === undefined || text === "") return fallback;
  if (text === "infinity" || text === "infinite") return undefined;
  return goDurationMs(text) || fallback;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** As `time.ParseDuration` reads it; `undefined`: it does not. */
function goDurationMs(text: string): number | undefined {
  if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return text === "0" ? 0 : undefined;
  let sum = 0;
  for (const [, number = "", unit = ""] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(number) * (UNITS[unit] ?? 0);
  return text.startsWith("-") ? -sum : sum;
}
